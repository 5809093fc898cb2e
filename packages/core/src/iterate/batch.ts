import type { Pace } from '../pace.js'
import type { Slice, Tally } from '../processor/slice.js'
import type { Progress } from '../store/index.js'
import { assertTolerated, type ItemErrorPolicy } from './policy.js'
import { finishedPrefix } from './prefix.js'
import { type Batch, type Entry, encodePosition } from './source.js'
import type { ItemResult } from './work-item.js'

/** How a walk works a batch. */
export interface BatchWork {
  readonly slice: Slice
  readonly policy: ItemErrorPolicy
  readonly concurrency: number
  readonly pace: Pace
  /** Works one item to its outcome. */
  work(entry: Entry<unknown>): Promise<ItemResult>
}

/**
 * Works a batch, some items side by side. What is saved never passes an unfinished item: results join it only
 * as part of the finished prefix. Answers whether all is done; `false` when time ran out before.
 *
 * @throws the first failure, when all that was in flight beside it has ended.
 */
export async function workBatch(batch: Batch<unknown>, how: BatchWork): Promise<boolean> {
  const results: ItemResult[] = []
  const prefix = finishedPrefix()
  const progress = progressOf(batch, how)
  let next = 0
  let failure: { error: unknown } | undefined

  async function strand() {
    while (next < batch.entries.length && !failure && !how.slice.shouldYield(how.pace.p95Ms())) {
      const step = next++
      try {
        results[step] = await timed(() => how.work(batch.entries[step] as Entry<unknown>), how)
        for (const finished of prefix.finish(step)) progress.join(finished, results[finished] as ItemResult)
      } catch (error) {
        failure ??= { error }
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(how.concurrency, batch.entries.length) }, strand))
  if (failure) throw failure.error
  if (prefix.length() < batch.entries.length) return false
  progress.end()
  return true
}

async function timed<Result>(work: () => Promise<Result>, { slice, pace }: BatchWork): Promise<Result> {
  const startedAt = slice.now()
  const result = await work()
  pace.record(slice.now() - startedAt)
  return result
}

/**
 * Takes results into what is saved next, each together with the place behind it. Where an item has no such place
 * its result waits for the end of the batch: saved before, it would count again when the batch is repeated.
 */
function progressOf(batch: Batch<unknown>, { slice, policy }: BatchWork) {
  const held: Tally[] = []
  return {
    join(step: number, result: ItemResult): void {
      const { key, after } = batch.entries[step] as Entry<unknown>
      if (after) {
        slice.add(result.tally)
        slice.moveTo(encodePosition(after))
        slice.forget(key)
      } else held.push(result.tally)
      if ('error' in result) assertTolerated(policy, withHeld(slice.progress, held), result.error)
    },
    end(): void {
      for (const tally of held) slice.add(tally)
      slice.moveTo(encodePosition(batch.after))
      for (const { key } of batch.entries) slice.forget(key)
    },
  }
}

function withHeld(progress: Progress, held: readonly Tally[]): Progress {
  const sum = (of: 'done' | 'failed') => held.reduce((total, tally) => total + tally[of], progress[of])
  return { ...progress, done: sum('done'), failed: sum('failed') }
}
