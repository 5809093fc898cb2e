import type { Job, Write } from '@longhaul/core/store'
import { acceptedIn, claimedIn, isHeld, type Step } from '../world/step.js'

/** A job has one live token: nobody gets what another one holds, but for who asks again for what it was given. */
export function doubleHolders(step: Step): readonly string[] {
  return claimedIn(step).flatMap(({ id, token }) => {
    const before = step.before.jobs.get(id)
    if (!before || !isHeld(before, step.now) || before.token === token) return []
    return [`job ${id} was given to token ${token} while ${before.token} held it`]
  })
}

/** Only the newest token writes, and only while its lease runs; what was written before is accepted again. */
export function staleWrites(step: Step): readonly string[] {
  return acceptedIn(step).flatMap(write => {
    const before = step.before.jobs.get(write.id)
    return before && mayWrite(step, before, write)
      ? []
      : [`token ${write.token} of job ${write.id} was accepted`]
  })
}

function mayWrite({ before, after, now }: Step, job: Job, { id, token }: Write): boolean {
  if (token !== job.token) return false
  return isHeld(job, now) || before.jobs.get(id)?.cursor === after.jobs.get(id)?.cursor
}
