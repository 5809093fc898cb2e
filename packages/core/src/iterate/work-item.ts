import { type CursorValue, encodeCursor } from '../encoding/cursor.js'
import { describeError, type ErrorRecord } from '../encoding/error-record.js'
import type { ItemContext } from '../processor/context.js'
import { HandlerContext, type Note } from '../processor/job-context.js'
import { type DoneOnce, emptyTally, type Slice, type Tally } from '../processor/slice.js'
import { backoffMs, defaultBackoff } from '../retry/backoff.js'
import type { ItemErrorPolicy } from './policy.js'
import type { Entry } from './source.js'

export type Each = (item: unknown, context: ItemContext<unknown>) => unknown

/** What became of one item. `error` stands there only for a failed one. */
export interface ItemResult {
  readonly tally: Tally
  readonly error?: unknown
}

/**
 * Works one item to its outcome, with the retries on the spot that the policy allows. What a failed try counted
 * is dropped, so that counters only ever speak of work that was done.
 *
 * @throws what concerns the whole job (a signal, a stop, a lost lease), and a failure that is not tolerated.
 */
export async function workItem(
  entry: Entry<unknown>,
  each: Each,
  policy: ItemErrorPolicy,
  slice: Slice,
): Promise<ItemResult> {
  const { retries = 0, backoff = defaultBackoff, tolerate } = policy
  for (let attempt = 1; ; attempt++) {
    try {
      return { tally: await tryItem(entry, each, slice) }
    } catch (error) {
      if (codeOf(error) === 'skip') return { tally: skipped(entry, error as Error, slice) }
      if (concernsTheJob(error, slice)) throw error
      if (attempt <= retries) await slice.wait(backoffMs(backoff, attempt, error, slice.random))
      else if (tolerate) return { tally: failedItem(entry.key, entry.item, error, slice), error }
      else throw error
    }
  }
}

async function tryItem(entry: Entry<unknown>, each: Each, slice: Slice): Promise<Tally> {
  const tally = { ...emptyTally(), done: 1 }
  const context = new ItemHandlerContext(slice, change => change(tally), entry.key)
  context.believe(await each(entry.item, context))
  return tally
}

class ItemHandlerContext extends HandlerContext implements ItemContext<unknown> {
  readonly key: string

  constructor(slice: Slice, note: Note, itemKey: string) {
    super(slice, note, itemKey)
    this.key = `${slice.job.id}:${itemKey}`
  }
}

const jobCodes = new Set([
  'fatal',
  'retry_after',
  'throttled',
  'snooze',
  'hand_over',
  'lease_lost',
  'store_unavailable',
  'store_busy',
])

function concernsTheJob(error: unknown, slice: Slice): boolean {
  return slice.stopped || jobCodes.has(codeOf(error))
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null | undefined)?.code)
}

function skipped(entry: Entry<unknown>, { message }: Error, { redact }: Slice): Tally {
  const record = { key: entry.key, outcome: 'skipped', value: null, error: redact(message) } as const
  return { ...emptyTally(), done: 1, skipped: 1, items: [record] }
}

/** A failed item as it is recorded, with what must not happen again when it is retried. */
export interface FailedItem extends Omit<ErrorRecord, 'stack'> {
  readonly once?: readonly DoneOnce[]
}

/** What a failed item amounts to. */
export function failedItem(key: string, item: unknown, error: unknown, slice: Slice): Tally {
  const { stack: _, ...described } = describeError(error, slice.redact)
  const done = slice.doneOnce(key)
  const failed: FailedItem = done.length > 0 ? { ...described, once: done } : described
  const record = { key, outcome: 'failed', value: keep(item), error: JSON.stringify(failed) } as const
  return { ...emptyTally(), done: 1, failed: 1, items: [record] }
}

/** The item itself, so that it can be tried again; `null` when it is too large or no plain value. */
function keep(item: unknown): string | null {
  try {
    return encodeCursor(item as CursorValue)
  } catch {
    return null
  }
}
