import type { NewJob, Write } from '@longhaul/core/store'
import type { Commits } from './commit.js'

/** Whether others may find more to claim after this: a job that is due, or a place in a lane. */
export function anyDueAfter(writes: readonly Write[], { committed, makesWork }: Commits): boolean {
  return (
    makesWork ||
    writes.some(({ patch, follow }, index) => {
      if (follow !== undefined && follow.length > 0) return true
      return (
        patch.state === 'waiting' &&
        committed[index]?.job?.state === 'waiting' &&
        !(Number(patch.delayMs) > 0)
      )
    })
  )
}

/** Whether one of new jobs is due at once, or may be: a job that is due later is found in time by those who poll. */
export function anyDue(jobs: readonly NewJob[]): boolean {
  return jobs.some(({ delayMs, runAt }) => runAt !== undefined || delayMs <= 0)
}
