import { checkInteger } from '../check-integer.js'
import { createPace } from '../pace.js'
import { pagesOf } from '../pages.js'
import type { FinishContext } from '../processor/context.js'
import { HandlerContext, noteNow } from '../processor/job-context.js'
import { HandOver } from '../processor/signals.js'
import type { Slice } from '../processor/slice.js'
import type { ItemRecord } from '../store/index.js'
import { type BatchWork, workBatch } from './batch.js'
import { failedBatch, workAgain } from './failed-items.js'
import { assertTolerated, checkItemErrorPolicy, type ItemErrorPolicy } from './policy.js'
import { type Batch, cycleGuard, type ItemSource, type Position, readPosition, toBatch } from './source.js'
import { type Each, failedItem, workItem } from './work-item.js'

/** How a processor walks its items. */
export interface ItemsPolicy {
  /**
   * How many items are asked for, and saved, at a time. After a crash at most this many are done again.
   * From 1 to 10_000.
   *
   * @defaultValue 50
   */
  readonly batchSize?: number
  /** How many items of a batch are worked side by side. From 1 to 1_000. @defaultValue 1 */
  readonly concurrency?: number
  readonly onItemError?: ItemErrorPolicy
}

/** The part of a definition that a walk needs. */
export interface Walk extends ItemsPolicy {
  // biome-ignore lint/suspicious/noExplicitAny: a walk carries inputs and items, and never looks into them
  readonly items: ItemSource<any, unknown>
  readonly each: Each
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly total?: (context: any) => number | null | Promise<number | null>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly finish?: (context: any) => unknown
}

/** A slice of a walk: from where the last one stopped, as far as time allows. */
export function iterate(walk: Walk): (slice: Slice) => Promise<unknown> {
  return async slice => {
    const how = batchWork(walk, slice)
    const guard = cycleGuard(readPosition(slice.cursor))
    await learnTotal(walk, slice)
    for (
      let position = readPosition(slice.cursor);
      position.at !== 'end';
      position = readPosition(slice.cursor)
    ) {
      const batch = await nextBatch(walk, position, slice)
      guard(batch.after)
      const all = await workBatch(batch, againWhere(position, how))
      if (!all) throw new HandOver()
      await slice.checkpoint()
    }
    assertTolerated(how.policy, slice.progress, undefined, true)
    return finish(walk, slice)
  }
}

async function finish(walk: Walk, slice: Slice): Promise<unknown> {
  const context = finishContext(slice)
  const output = await walk.finish?.(context)
  context.believe(output)
  return output
}

function batchWork({ each, concurrency = 1, onItemError = {} }: Walk, slice: Slice): BatchWork {
  const work: BatchWork['work'] = entry => workItem(entry, each, onItemError, slice)
  return { slice, policy: onItemError, concurrency, pace: createPace(), work }
}

/** Items that failed before are counted already: a second outcome replaces the first. */
function againWhere(position: Position, how: BatchWork): BatchWork {
  return position.at === 'failed' ? { ...how, work: workAgain(how) } : how
}

async function learnTotal({ total }: Walk, slice: Slice): Promise<void> {
  if (!total || slice.cursor !== null || slice.progress.total !== null) return
  const { input, signal } = slice
  const known = await total({ input, signal })
  if (known !== null) slice.report({ total: known })
}

async function nextBatch(walk: Walk, position: Position, slice: Slice): Promise<Batch<unknown>> {
  const limit = walk.batchSize ?? 50
  if (position.at === 'failed') return failedBatch(position, limit, slice)
  const cursor = position.at === 'end' ? null : position.cursor
  return toBatch(
    await walk.items({ input: slice.input, cursor, limit, signal: slice.signal, call: slice.call }),
  )
}

function finishContext(slice: Slice): FinishContext<unknown> & HandlerContext {
  return Object.assign(new HandlerContext(slice, noteNow(slice)), {
    progress: slice.progress,
    counters: slice.counters,
    records: () => allRecords(slice),
    fail: (key: string, error: unknown, item?: unknown) =>
      slice.add({ ...failedItem(key, item, error, slice), done: 0 }),
  })
}

async function* allRecords(slice: Slice): AsyncIterable<ItemRecord> {
  for await (const { records } of pagesOf(page => slice.records(page), 500)) yield* records
}

/** @throws {OptionsError} when a number is out of range. */
export function checkItems({ batchSize = 50, concurrency = 1, onItemError = {} }: ItemsPolicy): void {
  checkInteger('batchSize', batchSize, 1, 10_000)
  checkInteger('concurrency', concurrency, 1, 1_000)
  checkItemErrorPolicy(onItemError)
}
