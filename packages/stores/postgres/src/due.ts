import { type NewJob, soonMs, type Write } from '@longhaul/core/store'
import type { Commits } from './commit.js'

/** Whether others may find more to claim after this: a job that is due soon, or a place in a lane. */
export function anySoonAfter(writes: readonly Write[], { committed, makesWork }: Commits): boolean {
  return (
    makesWork ||
    writes.some(({ patch, follow }, index) => {
      if (follow !== undefined && follow.length > 0) return true
      return (
        patch.state === 'waiting' &&
        committed[index]?.job?.state === 'waiting' &&
        Number(patch.delayMs ?? 0) <= soonMs
      )
    })
  )
}

/** Whether one of new jobs is due soon, or may be: a job that is due later is found in time by those who poll. */
export function anySoon(jobs: readonly NewJob[]): boolean {
  return jobs.some(({ delayMs, runAt }) => runAt !== undefined || delayMs <= soonMs)
}
