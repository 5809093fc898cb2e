import { OptionsError, TooManyItemsFailedError } from '../errors.js'
import { type Backoff, checkBackoff } from '../retry/backoff.js'
import type { Progress } from '../store/index.js'

/** What becomes of an item whose work failed. */
export interface ItemErrorPolicy {
  /** How often one item is tried again on the spot, before it counts as failed. @defaultValue 0 */
  readonly retries?: number
  /** The wait between those tries. @defaultValue exponential from 1 s */
  readonly backoff?: Backoff
  /**
   * How many items may fail for the job to go on, and to end as `completed_with_errors`: a number, or a part of
   * all items from 0 to 1. One more, and the job fails. Absent: the first failed item fails the attempt, and the
   * job is retried from there.
   */
  readonly tolerate?: { readonly count: number } | { readonly ratio: number }
}

/**
 * How many items may fail, as far as that can be told yet: a ratio of an unknown total is judged at the end,
 * by what was done.
 */
export function toleratedFailures(
  { tolerate }: ItemErrorPolicy,
  { done, total }: Progress,
  atEnd: boolean,
): number {
  if (!tolerate) return 0
  if ('count' in tolerate) return tolerate.count
  const of = atEnd ? done : total === null ? Number.POSITIVE_INFINITY : Math.max(total, done)
  return tolerate.ratio === 0 ? 0 : Math.floor(tolerate.ratio * of)
}

/** @throws {TooManyItemsFailedError} */
export function assertTolerated(
  policy: ItemErrorPolicy,
  progress: Progress,
  cause?: unknown,
  atEnd = false,
): void {
  const allowed = toleratedFailures(policy, progress, atEnd)
  if (progress.failed > allowed) throw new TooManyItemsFailedError(progress.failed, allowed, { cause })
}

/** @throws {OptionsError} when a number is out of range. */
export function checkItemErrorPolicy({ retries = 0, backoff, tolerate }: ItemErrorPolicy): void {
  if (!Number.isInteger(retries) || retries < 0) {
    throw new OptionsError('onItemError.retries', `must be an integer of at least 0, not ${retries}`)
  }
  if (backoff) checkBackoff('onItemError.backoff', backoff)
  const limit = tolerate && ('count' in tolerate ? tolerate.count : tolerate.ratio)
  const most = tolerate && 'ratio' in tolerate ? 1 : Number.POSITIVE_INFINITY
  if (limit !== undefined && !(limit >= 0 && limit <= most)) {
    throw new OptionsError(
      'onItemError.tolerate',
      `must be a count of at least 0 or a ratio from 0 to 1, not ${limit}`,
    )
  }
}
