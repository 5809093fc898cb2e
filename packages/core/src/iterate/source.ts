import { type CursorValue, decodeCursor, encodeCursor } from '../encoding/cursor.js'
import { SourceError } from '../errors.js'
import type { Call } from '../gate/index.js'

/**
 * Gives the next items behind `cursor`, `null` at the start. Two shapes:
 *
 * - A keyset page: `[key, item]` pairs in the order of their keys, at most `limit`. The next call gets the key of
 *   the last item as its cursor. Keys must be unique and ascend (`where id > cursor order by id limit n`). An empty
 *   page is the end.
 * - A page of an API with its own page cursor: `{ items, next }`. The next call gets `next`; `null` is the end.
 *   Progress is saved page by page, so a page must not be large.
 *
 * Never skip rows by number (`offset`): items that come or go in between would be left out or done twice.
 */
export type ItemSource<Input, Item> = (
  context: SourceContext<Input>,
) => ItemPage<Item> | Promise<ItemPage<Item>>

/** What a source is asked with. */
export interface SourceContext<Input> {
  readonly input: Input
  // biome-ignore lint/suspicious/noExplicitAny: the type of the keys that the source itself gives
  readonly cursor: any
  /** How many items make a batch. */
  readonly limit: number
  readonly signal: AbortSignal
  /** As in `each`: for a source that is an API behind the same gate. */
  readonly call: Call
}

/** What a source answers: a keyset page, or a page with a cursor of its own. */
export type ItemPage<Item> = readonly Keyed<Item>[] | CursorPage<Item>
/** An item and its key: unique in its walk, and the same in every attempt. */
export type Keyed<Item> = readonly [key: CursorValue, item: Item]

/** A page of an API that has a page cursor. */
export interface CursorPage<Item> {
  readonly items: readonly Keyed<Item>[]
  /** The cursor of the next page; `null` at the end. */
  readonly next: CursorValue
}

/**
 * Where a walk stands. `page` is a cursor of the source's own; `failed` a place among the kept item records, and
 * where the walk goes on behind the last of them.
 */
export type Position =
  | { readonly at: 'key'; readonly cursor: CursorValue }
  | { readonly at: 'page'; readonly cursor: CursorValue }
  | { readonly at: 'failed'; readonly after: string | null; readonly behind: Position }
  | { readonly at: 'end' }

/** One item with the place behind it; without one, the walk may only be saved at the end of its batch. */
export interface Entry<Item> {
  readonly key: string
  readonly item: Item
  readonly after: Position | undefined
}

/** Some items, and the place where the walk goes on when all of them are done. */
export interface Batch<Item> {
  readonly entries: readonly Entry<Item>[]
  readonly after: Position
}

export const startPosition: Position = { at: 'key', cursor: null }

export function encodePosition(position: Position): string {
  return encodeCursor(position as unknown as CursorValue)
}

export function readPosition(cursor: string | null): Position {
  return cursor === null ? startPosition : (decodeCursor(cursor) as unknown as Position)
}

/** The cursor of a walk that first tries the failed items again, and then goes on where it stood. */
export function failedItemsFirst(cursor: string | null): string {
  const stood = readPosition(cursor)
  return encodePosition({ at: 'failed', after: null, behind: stood.at === 'failed' ? stood.behind : stood })
}

/** Pure: the page as a batch. @throws {SourceError} `duplicate_item`, when two items have the same key. */
export function toBatch<Item>(page: ItemPage<Item>): Batch<Item> {
  const batch = 'next' in page ? cursorBatch(page) : keysetBatch(page)
  assertUnique(batch.entries)
  return batch
}

function keysetBatch<Item>(page: readonly Keyed<Item>[]): Batch<Item> {
  const entries = page.map(([key, item]) => ({
    key: itemKey(key),
    item,
    after: { at: 'key', cursor: key } as const,
  }))
  return { entries, after: entries.at(-1)?.after ?? { at: 'end' } }
}

function cursorBatch<Item>({ items, next }: CursorPage<Item>): Batch<Item> {
  const entries = items.map(([key, item]) => ({ key: itemKey(key), item, after: undefined }))
  return { entries, after: next === null ? { at: 'end' } : { at: 'page', cursor: next } }
}

function itemKey(key: CursorValue): string {
  return typeof key === 'string' ? key : encodeCursor(key)
}

function assertUnique(entries: readonly Entry<unknown>[]): void {
  const seen = new Set<string>()
  for (const { key } of entries) {
    if (seen.has(key)) {
      throw new SourceError(
        'duplicate_item',
        `Two items of one page have the key ${key}. Add a unique column to the key.`,
      )
    }
    seen.add(key)
  }
}

const cyclesRemembered = 1_000

/** Watches a walk for a cursor that comes again: such a walk would never end. */
export function cycleGuard(start: Position): (position: Position) => void {
  const seen = new Set([encodePosition(start)])
  return position => {
    if (position.at === 'end') return
    const cursor = encodePosition(position)
    if (seen.has(cursor)) {
      throw new SourceError(
        'cursor_stuck',
        `The source gave the cursor ${cursor} a second time. Keys must be unique and ascend.`,
      )
    }
    seen.add(cursor)
    if (seen.size > cyclesRemembered) seen.delete(seen.values().next().value as string)
  }
}
