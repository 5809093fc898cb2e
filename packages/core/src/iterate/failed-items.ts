import { decodeCursor } from '../encoding/cursor.js'
import { parsedOr } from '../encoding/unreadable.js'
import { SourceError } from '../errors.js'
import type { DoneOnce, Slice, Tally } from '../processor/slice.js'
import type { ItemRecord } from '../store/index.js'
import type { BatchWork } from './batch.js'
import type { Batch, Entry, Position } from './source.js'
import type { FailedItem } from './work-item.js'

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

/** What `once` did for the item before it failed. */
interface FailedEntry extends Entry<unknown> {
  readonly done: readonly DoneOnce[]
}

type FailedPosition = Extract<Position, { at: 'failed' }>

/** The place does not move: when this page is read again, what succeeded by then is no longer failed. */
function toEntry({ key, value, error }: ItemRecord, after: FailedPosition): FailedEntry {
  if (value !== null) return { key, item: decodeCursor(value), after, done: doneOnce(error) }
  const message = `Item ${key} was too large, or no plain value, to be kept: retry the whole job instead.`
  throw new SourceError('item_not_kept', message)
}

function doneOnce(error: string | null): readonly DoneOnce[] {
  return (error === null ? undefined : (parsedOr(error, undefined) as FailedItem | undefined)?.once) ?? []
}

/** The work of items whose failure is counted already. */
export function workAgain({ work, slice }: BatchWork): BatchWork['work'] {
  return async entry => {
    slice.recall((entry as FailedEntry).done)
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
