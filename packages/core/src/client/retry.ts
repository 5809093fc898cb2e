import { OptionsError } from '../errors.js'
import { failedItemsFirst } from '../iterate/source.js'
import type { JobHead, JobState, JobWork, Wish } from '../store/index.js'

/** How much of a job is tried again. */
export interface RetryOptions {
  /**
   * `failed`: the items that failed are tried again, and then the job goes on where it stopped. Absent: a failed
   * or cancelled job goes on where it stopped, and one that completed with errors starts from the beginning.
   */
  readonly only?: 'failed'
}

export type Retry = Extract<Wish, { kind: 'retry' }>

export const retryable: readonly JobState[] = ['failed', 'cancelled', 'completed_with_errors']

/** @throws {OptionsError}: whatever else it says would retry all of the job. */
export function checkOnly(only: unknown): void {
  if (only === undefined || only === 'failed') return
  throw new OptionsError('only', `must be 'failed', or left out, not ${String(only)}`)
}

/** Pure: where the retried job starts. */
export function retryOf(job: Pick<JobHead, 'state' | 'cursor'>, only: RetryOptions['only']): Retry {
  return { kind: 'retry', work: workToRetry(job, only) }
}

const fromTheStart = {
  cursor: null,
  memo: null,
  progress: { done: 0, failed: 0, skipped: 0, total: null },
} as const

function workToRetry(
  { state, cursor }: Pick<JobHead, 'state' | 'cursor'>,
  only: RetryOptions['only'],
): Partial<Pick<JobWork, 'cursor' | 'memo' | 'progress'>> {
  if (only === 'failed') return { cursor: failedItemsFirst(cursor) }
  return state === 'completed_with_errors' ? fromTheStart : {}
}
