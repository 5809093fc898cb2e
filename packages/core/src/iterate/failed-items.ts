import { decodeCursor } from '../encoding/cursor.js'
import { SourceError } from '../errors.js'
import type { Slice, Tally } from '../processor/slice.js'
import type { ItemRecord } from '../store/index.js'
import type { BatchWork } from './batch.js'
import type { Batch, Entry, Position } from './source.js'

/** The next of the items that are recorded as failed. A page of records may hold none, and the walk goes on. */
export async function failedBatch(
  position: FailedPosition,
  limit: number,
  slice: Slice,
): Promise<Batch<unknown>> {
  const { after, behind } = position
  const page = await slice.records({ limit, ...(after === null ? {} : { after }) })
  const failed = page.records.filter(({ outcome }) => outcome === 'failed')
  return {
    entries: failed.map(record => toEntry(record, position)),
    after: page.next === null ? behind : { ...position, after: page.next },
  }
}

type FailedPosition = Extract<Position, { at: 'failed' }>

/** The place does not move: when this page is read again, what succeeded by then is no longer failed. */
function toEntry({ key, value }: ItemRecord, after: FailedPosition): Entry<unknown> {
  if (value !== null) return { key, item: decodeCursor(value), after }
  const message = `Item ${key} was too large, or no plain value, to be kept: retry the whole job instead.`
  throw new SourceError('item_not_kept', message)
}

/** The work of items whose failure is counted already. */
export function workAgain(work: BatchWork['work']): BatchWork['work'] {
  return async entry => {
    const result = await work(entry)
    return { ...result, tally: secondOutcome(entry, result.tally) }
  }
}

/** Pure: the item is done already and no longer failed, unless it failed once more. */
function secondOutcome({ key }: Entry<unknown>, tally: Tally): Tally {
  const succeeded = { key, outcome: 'completed', value: null, error: null } as const
  const items = tally.items.length > 0 ? tally.items : [succeeded]
  return { ...tally, done: 0, failed: tally.failed - 1, items }
}
