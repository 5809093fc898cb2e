import type { CursorValue, ItemPage, Keyed } from '@longhaul/core'
import { isWorkizError } from '../client/errors.js'
import type { EndContext } from './deletions.js'
import type { WorkizSyncInput } from './sync.js'
import type { Counter, Work } from './work.js'

/** One thing that went wrong, while all else went on. */
export interface WorkizItemError {
  /** The UUID of the job; `listing` or `deletions` for these. */
  readonly key: string
  readonly error: Error
}

/** Adds up a run in memory, as a runner does it in its store. */
export function createTally() {
  const counters: Partial<Record<Counter, number>> = {}
  const errors: WorkizItemError[] = []
  const skipped: { key: string; outcome: string; error: string }[] = []
  let done = 0

  function count(counter: Counter, by = 1): void {
    counters[counter] = (counters[counter] ?? 0) + by
  }

  return {
    count,
    errors,

    /** @throws what concerns more than this one item. */
    async settle(key: string, work: Promise<void>): Promise<void> {
      try {
        await work
      } catch (error) {
        if (codeOf(error) === 'skip')
          skipped.push({ key, outcome: 'skipped', error: (error as Error).message })
        else if (isWorkizError(error)) errors.push({ key, error })
        else throw codeOf(error) === 'fatal' ? (error as Error).cause : error
      }
      done++
    },

    end: (input: WorkizSyncInput): EndContext => ({
      input,
      count,
      counters,
      progress: { done, failed: errors.length, skipped: skipped.length, total: null },
      fail: (key, error) => void errors.push({ key, error }),
      async *records() {
        yield* skipped
      },
    }),
  }
}

/** The items of a page, and the cursor behind it; `undefined` at the end. */
export function openPage(page: ItemPage<Work>): {
  items: readonly Keyed<Work>[]
  next: CursorValue | undefined
} {
  if ('next' in page) return { items: page.items, next: page.next ?? undefined }
  return { items: page, next: page.at(-1)?.[0] }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
