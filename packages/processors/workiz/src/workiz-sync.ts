import { defineProcessor, localGate, type Processor, systemRandom } from '@longhaul/core'
import { isWorkizError } from './client/errors.js'
import { gateOf } from './sync/api.js'
import type { WorkizSyncOptions } from './sync/options.js'
import { syncRequest, type WorkizSyncRequest } from './sync/request.js'
import { finishSync, type WorkizResult } from './sync/result.js'
import { nextWork } from './sync/source.js'
import { accountKey, openSync, type Sync, type WorkizPorts } from './sync/sync.js'
import { counterNames, doWork, type Work } from './sync/work.js'

/**
 * Brings your copy of an account's jobs up to date, within the limits of the API, and clears away what is gone.
 * No two slices of one account run at once.
 *
 * @throws {OptionsError} for a number out of range. @throws {LonghaulError} `invalid_gate`.
 * @throws {RangeError} for an unknown `accountTimeZone`.
 */
export function workizSync<const Name extends string = 'workiz.sync'>(
  options: WorkizSyncOptions<Name>,
  ports: WorkizPorts,
): Processor<Name, WorkizSyncRequest, WorkizResult> {
  const sync = openSync(options, ports)
  const { rules } = sync
  checkGate(sync)

  return defineProcessor({
    name: options.name ?? ('workiz.sync' as Name),
    input: syncRequest,
    counters: counterNames,
    lane: accountKey,
    gate: input => gateOf(input, sync),
    batchSize: rules.batchSize,
    concurrency: rules.concurrency,
    onItemError: { tolerate: rules.tolerate },
    retry: { retryable: error => !isWorkizError(error) || error.retryable },

    total: ({ input }) =>
      rules.mode === 'refresh' ? ports.store.count(input.tenantId, input.accountId) : null,

    items: ({ cursor, limit, ...context }) => nextWork(sync, context, cursor, limit),
    each: (work: Work, context) => doWork(work, sync, context),
    finish: context => finishSync(sync, context),
  })
}

/** A gate that cannot be is told here, not by the first job. */
function checkGate(sync: Sync): void {
  const anyone = { tenantId: 'default', accountId: 'any' }
  localGate(gateOf(anyone, sync), { clock: sync.clock, random: systemRandom })
}
