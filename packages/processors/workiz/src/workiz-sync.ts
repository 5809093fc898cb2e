import { defineProcessor, type Processor } from '@longhaul/core'
import { isWorkizError } from './client/errors.js'
import { gateOf } from './sync/api.js'
import type { EndContext } from './sync/deletions.js'
import type { WorkizSyncOptions } from './sync/options.js'
import { syncRequest, type WorkizSyncRequest } from './sync/request.js'
import { finishSync, type WorkizResult } from './sync/result.js'
import { nextWork } from './sync/source.js'
import { accountKey, openSync, type Sync, type WorkizPorts } from './sync/sync.js'
import { counterNames, doWork, type Work } from './sync/work.js'

type Slice = Parameters<Processor['work']>[0]

/**
 * Brings your copy of an account's jobs up to date, within the limits of the API, and clears away what is gone.
 * No two slices of one account run at once.
 *
 * @throws {OptionsError} for a number out of range. @throws {RangeError} for an unknown `accountTimeZone`.
 */
export function workizSync<const Name extends string = 'workiz.sync'>(
  options: WorkizSyncOptions<Name>,
  ports: WorkizPorts,
): Processor<Name, WorkizSyncRequest, WorkizResult> {
  const sync = openSync(options, ports)
  const name = options.name ?? ('workiz.sync' as Name)
  return { ...define(name, sync), work: slice => define(name, sync, slice).work(slice) }
}

/** The pages of a listing are calls too, and the end may fail: both need the slice that they are part of. */
function define<Name extends string>(name: Name, sync: Sync, slice?: Slice) {
  const { rules, ports } = sync

  return defineProcessor({
    name,
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

    items: ({ input, cursor, limit }) => nextWork(sync, { input, call: callOf(slice) }, cursor, limit),
    each: (work: Work, context) => doWork(work, sync, context),
    finish: context => finishSync(sync, { ...context, fail: failOf(slice) }),
  })
}

function callOf(slice: Slice | undefined): Slice['call'] {
  if (!slice) throw new Error('Work is asked for while its job runs')
  return slice.call
}

function failOf(slice: Slice | undefined): EndContext['fail'] {
  return (key, { name, code, message }, value) => {
    const error = JSON.stringify({ name, code, message, causes: [] })
    const item = { key, outcome: 'failed', value: JSON.stringify(value), error } as const
    slice?.add({ done: 0, failed: 1, skipped: 0, counters: new Map(), items: [item], follow: [] })
  }
}
