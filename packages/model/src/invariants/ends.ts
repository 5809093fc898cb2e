import { isEnded, type Job } from '@longhaul/core/store'
import { lastingIn, type Step } from '../world/step.js'

/** What has ended stays as it ended, but for a retry. Whatever has not ended knows no end. */
export function revivals(step: Step): readonly string[] {
  const revived = isRetry(step) ? [] : lastingIn(step).filter(([before, after]) => differs(before, after))
  const ends = [...step.after.jobs.values()].filter(
    ({ state, endedAt }) => isEnded(state) !== (endedAt !== null),
  )
  return [
    ...revived.map(([{ state }, after]) => `job ${after.id} was ${state}, and is ${after.state}`),
    ...ends.map(({ id, state, endedAt }) => `job ${id} is ${state}, with its end at ${endedAt}`),
  ]
}

function isRetry({ call }: Step): boolean {
  return call.do === 'request' && call.wish.kind === 'retry'
}

function differs(before: Job, after: Job): boolean {
  return isEnded(before.state) && (after.state !== before.state || after.endedAt !== before.endedAt)
}
