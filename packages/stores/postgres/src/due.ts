import type { Committed, Job, NewJob, Write } from '@longhaul/core/store'

/** An answer, with the lane that tells whether a place in it came free. */
export interface Answer extends Committed {
  readonly job: Job | undefined
}

/** Whether others may find more to claim after this: a job that is due, or a place in a lane. */
export function anyDueAfter(writes: readonly Write[], answers: readonly Answer[]): boolean {
  return writes.some(({ patch, follow }, index) => {
    const job = answers[index]?.job
    if (follow !== undefined && follow.length > 0) return true
    return patch.state !== undefined && job !== undefined && (freesPlace(job) || isDue(job, patch.delayMs))
  })
}

function freesPlace({ lane }: Job): boolean {
  return lane !== null
}

function isDue({ state }: Job, delayMs = 0): boolean {
  return state === 'waiting' && delayMs <= 0
}

/** Whether one of new jobs is due at once, or may be: a job that is due later is found in time by those who poll. */
export function anyDue(jobs: readonly NewJob[]): boolean {
  return jobs.some(({ delayMs, runAt }) => runAt !== undefined || delayMs <= 0)
}
