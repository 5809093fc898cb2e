import { isEnded, type JobEvent, type JobHead, type JobState, transitions } from '@longhaul/core/store'
import type { Step } from './world.js'

/** A job in a state, and what happened to it. */
export type Pair = `${JobState} ${JobEvent}`

/** Every arrow of a job's life. */
export const legalPairs: readonly Pair[] = (Object.keys(transitions) as JobState[]).flatMap(state =>
  (Object.keys(transitions[state]) as JobEvent[]).map(event => `${state} ${event}` as const),
)

/** What a step made of the jobs that were there before it. */
export function pairsOf(step: Step): Pair[] {
  const before = new Map(step.before.seen.jobs.map(job => [job.id, job]))
  return step.after.seen.jobs.flatMap(job => {
    const earlier = before.get(job.id)
    const event = earlier && eventOf(earlier, job, step)
    return earlier && event ? [`${earlier.state} ${event}` as const] : []
  })
}

function eventOf(before: JobHead, after: JobHead, step: Step): JobEvent | undefined {
  if (after.token > before.token) return 'claimed'
  if (after.state === before.state) return undefined
  if (after.state === 'cancelled') return 'cancel'
  if (after.state === 'paused') return 'pause'
  if (before.state === 'running') return deedOf(after.id, step)
  if (isEnded(before.state)) return 'retry'
  return before.state === 'blocked' ? 'released' : 'resume'
}

/** By what its holder wrote. */
function deedOf(id: string, { call, reply }: Step): JobEvent | undefined {
  if (call.do !== 'commit') return undefined
  const deeds = call.writes.filter(
    ({ write, isNew }, index) => write.id === id && isNew && reply.committed?.[index]?.accepted,
  )
  const last = deeds.at(-1)?.as
  return last === 'kept' ? undefined : last
}
