import { claimedIn, lastingIn, type Step } from '../world/step.js'

/** A token grows by one when its job is given out, and else stays. */
export function fallenTokens(step: Step): readonly string[] {
  const given = new Set(claimedIn(step).map(({ id }) => id))
  return lastingIn(step).flatMap(([before, after]) => {
    const grown = after.token - before.token
    if (grown === 0 || (grown === 1 && given.has(after.id))) return []
    return [`the token of job ${after.id} went from ${before.token} to ${after.token}`]
  })
}
