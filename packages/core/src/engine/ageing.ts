import type { ClaimRequest } from '../store/index.js'

type Order = NonNullable<ClaimRequest['order']>

/**
 * Decides which claims take the longest due in place of the most urgent: over any stretch of claims one in `every` jobs, but
 * for less than one claim's worth. So a job that `k` others are due longer than is claimed at the latest as the
 * `every * (k + 1 + limit)`th from then on, `limit` being the most that one claim asks for.
 *
 * @param every At least 1; `false` for never.
 * @param start Where in a round of claims it begins, from 0 to below 1.
 */
export function createAgeing(every: number | false, start: number) {
  /** What the longest due are owed: one of `every` parts of a job for each one claimed. */
  let owed: number | undefined

  return {
    orderOf(limit: number): Order {
      if (every === false) return 'priority'
      owed ??= Math.floor(start * every * limit)
      return owed >= limit * (every - 1) ? 'age' : 'priority'
    },

    claimed(jobs: number, order: Order): void {
      if (every === false) return
      owed = (owed ?? 0) + jobs - (order === 'age' ? jobs * every : 0)
    },
  }
}
