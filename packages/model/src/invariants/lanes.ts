import type { Job } from '@longhaul/core/store'
import { isHeld, type Step } from '../world/step.js'

/** Each place of a lane is within the limit of the job that took it: so the largest limit is never passed. */
export function overfullLanes({ after, now }: Step): readonly string[] {
  const held = [...after.jobs.values()].filter(job => job.lane !== null && isHeld(job, now))
  return [...new Set(held.map(({ lane }) => lane))].flatMap(lane => {
    const inLane = held.filter(job => job.lane === lane)
    return inLane.length > largestLimit(inLane) ? [`lane ${lane} holds ${inLane.map(({ id }) => id)}`] : []
  })
}

function largestLimit(jobs: readonly Job[]): number {
  return Math.max(...jobs.map(({ laneLimit }) => laneLimit))
}
