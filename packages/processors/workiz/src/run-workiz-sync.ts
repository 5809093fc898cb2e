import { type Call, type CursorValue, createCall, localGate, systemRandom } from '@longhaul/core'
import { gateOf } from './sync/api.js'
import type { WorkizSyncOptions } from './sync/options.js'
import { syncRequest, type WorkizSyncRequest } from './sync/request.js'
import { finishSync, type WorkizResult } from './sync/result.js'
import { nextWork } from './sync/source.js'
import { openSync, type Sync, type WorkizPorts, type WorkizSyncInput } from './sync/sync.js'
import { createTally, openPage, type WorkizItemError } from './sync/tally.js'
import { doWork } from './sync/work.js'

export interface WorkizRun {
  readonly result: WorkizResult
  /** What failed on its own. Empty where a job would be `completed`. */
  readonly errors: readonly WorkizItemError[]
}

/**
 * Syncs one account in one go, without a runner: nothing is saved on the way, and the limit is this process's
 * alone. For scripts.
 *
 * @throws {WorkizError} and whatever else spoils the run; the reason of `signal`.
 */
export async function runWorkizSync(
  request: WorkizSyncRequest,
  options: Omit<WorkizSyncOptions, 'name' | 'tolerate' | 'concurrency'>,
  ports: WorkizPorts,
  { signal = new AbortController().signal }: { readonly signal?: AbortSignal } = {},
): Promise<WorkizRun> {
  const sync = openSync(options, ports)
  const input = syncRequest.parse(request)
  const tally = createTally()
  const context = { input, call: localCall(sync, input, signal), count: tally.count }
  for (let cursor: CursorValue | undefined = null; cursor !== undefined; ) {
    const { items, next } = openPage(await nextWork(sync, context, cursor, sync.rules.batchSize))
    for (const [key, work] of items) await tally.settle(String(key), doWork(work, sync, context))
    cursor = next
  }
  return { result: await finishSync(sync, tally.end(input)), errors: tally.errors }
}

/** Waits out the pauses of the gate; only an open breaker ends the run. */
function localCall(sync: Sync, input: WorkizSyncInput, signal: AbortSignal): Call {
  const tools = { clock: sync.clock, random: systemRandom }
  const gate = localGate({ ...gateOf(input, sync), scope: 'local', waitInPlaceMs: 60_000 }, tools)
  return createCall({ gate, signal, ...tools })
}
