import type { Committed, Job, JobEvent, Write } from '@longhaul/core/store'
import type { Call } from '../calls/call.js'
import type { Snapshot } from './snapshot.js'

/** One call of one store, with all that the store showed around it. */
export interface Step {
  readonly call: Call
  /** What it does to the jobs it means, where that is an arrow of a job's life. */
  readonly event: JobEvent | undefined
  readonly answer: unknown
  readonly now: number
  readonly before: Snapshot
  readonly after: Snapshot
}

/** The jobs that it gave out. */
export function claimedIn({ call, answer }: Step): readonly Job[] {
  return call.do === 'claim' ? (answer as readonly Job[]) : []
}

/** The writes that it accepted. */
export function acceptedIn({ call, answer }: Step): readonly Write[] {
  if (call.do !== 'commit') return []
  return call.writes.filter((_, place) => (answer as readonly Committed[])[place]?.accepted)
}

/** Each job that was there before and is there after. */
export function lastingIn({ before, after }: Step): readonly (readonly [before: Job, after: Job])[] {
  return [...before.jobs.values()].flatMap(job => {
    const later = after.jobs.get(job.id)
    return later ? [[job, later] as const] : []
  })
}

/** Whether somebody may write about a job. */
export function isHeld({ state, dueAt }: Job, now: number): boolean {
  return state === 'running' && now < dueAt
}
