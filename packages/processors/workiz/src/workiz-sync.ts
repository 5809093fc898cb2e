import { defineProcessor, type Processor } from '@longhaul/core'
import { z } from 'zod'
import { isWorkizError } from './client/errors.js'
import { gateOf } from './sync/api.js'
import type { EndContext } from './sync/deletions.js'
import { type ListingCursor, listing } from './sync/listing-source.js'
import type { WorkizSyncOptions } from './sync/options.js'
import { storedRows } from './sync/refresh-source.js'
import { finishSync, type WorkizResult } from './sync/result.js'
import { accountKey, openSync, type Sync, type WorkizPorts } from './sync/sync.js'
import { type Counter, doWork, type Work } from './sync/work.js'

const account = z.object({
  accountId: z.string().min(1).max(90),
  tenantId: z.string().min(1).max(90).default('default'),
})

/** What a sync is enqueued with. One account is synced by one job at a time. */
export type WorkizSyncRequest = z.input<typeof account>

type Slice = Parameters<Processor['work']>[0]

/**
 * Brings your copy of an account's jobs up to date, within the limits of the API, and clears away what is gone.
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

/** The source of a listing calls Workiz and the end may fail, so both need the slice that they are part of. */
function define<Name extends string>(name: Name, sync: Sync, slice?: Slice) {
  const { rules, ports } = sync
  const refresh = rules.mode === 'refresh'

  return defineProcessor({
    name,
    input: account,
    counters,
    lane: accountKey,
    gate: input => gateOf(input, sync),
    retry: { retryable: error => !isWorkizError(error) || error.retryable },
    batchSize: rules.batchSize,
    concurrency: rules.concurrency,
    onItemError: { tolerate: rules.tolerate },

    total: ({ input }) => (refresh ? ports.store.count(input.tenantId, input.accountId) : null),

    items: ({ input, cursor, limit }) => {
      if (refresh) return storedRows(sync, input, cursor as string | null, limit)
      return listing(sync, { input, call: calling(slice) }, cursor as ListingCursor | null, limit)
    },

    each: (work: Work, context) => doWork(work, sync, context),

    finish: context => finishSync(sync, { ...context, fail: failing(slice) }),
  })
}

const counters: readonly Counter[] = [
  'listed',
  'inserted',
  'updated',
  'unchanged',
  'deferred',
  'deletedGone',
  'deletedRetention',
]

function calling(slice: Slice | undefined): Slice['call'] {
  if (!slice) throw new Error('A listing is read while its job runs')
  return slice.call
}

function failing(slice: Slice | undefined): EndContext['fail'] {
  return (key, { name, message, ...rest }, value) => {
    const code = 'code' in rest ? String(rest.code) : null
    const error = JSON.stringify({ name, code, message, causes: [] })
    const item = { key, outcome: 'failed', value: JSON.stringify(value), error } as const
    slice?.add({ done: 0, failed: 1, skipped: 0, counters: new Map(), items: [item], follow: [] })
  }
}
