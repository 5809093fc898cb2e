import type { Job } from '@longhaul/core/store'
import type { Event, EventOf } from '../events.js'
import type { Run } from '../run.js'

/** Who holds a job, by what the store has answered. */
interface Holder {
  readonly job: Job
  readonly untilMs: number
  readonly seq: number
  readonly released: boolean
}

type Holders = Map<string, Holder>

/** No job had two holders, no holder wrote after a newer one or after its lease, and no lane was too full. */
export function wrongHolders({ events }: Run): string[] {
  const holders: Holders = new Map()
  return events.flatMap(event => {
    if (event.type === 'claimed') return claimed(holders, event)
    return event.type === 'written' ? written(holders, event) : []
  })
}

function claimed(holders: Holders, { at, job, request }: EventOf<'claimed'>): string[] {
  const before = holders.get(job.id)
  if (before?.job.token === job.token) return isHeld(before, at) ? [] : [`job ${job.id} was given out again`]
  holders.set(job.id, { job, untilMs: at + request.leaseMs, seq: 0, released: false })
  return [...(before ? takenOver(before, job, at) : []), ...overfull(holders, job, at)]
}

function takenOver(before: Holder, { id, token }: Job, at: number): string[] {
  return [
    ...(isHeld(before, at)
      ? [`job ${id} was given to token ${token} while ${before.job.token} held it`]
      : []),
    ...(token > before.job.token ? [] : [`job ${id} got token ${token} after ${before.job.token}`]),
  ]
}

function overfull(holders: Holders, { id, lane, laneLimit }: Job, at: number): string[] {
  const held = [...holders.values()].filter(holder => holder.job.lane === lane && isHeld(holder, at))
  return lane !== null && held.length > laneLimit ? [`lane "${lane}" held ${held.length} with job ${id}`] : []
}

function written(holders: Holders, event: EventOf<'written'>): string[] {
  const { write, answer } = event
  const holder = holders.get(write.id)
  if (!answer.accepted || !holder) return answer.accepted ? [`job ${write.id} was written unclaimed`] : []
  if (holder.job.token !== write.token)
    return [`token ${write.token} of job ${write.id} was accepted after token ${holder.job.token}`]
  return write.seq > holder.seq ? applied(holders, holder, event) : []
}

function applied(holders: Holders, holder: Holder, { at, write }: EventOf<'written'>): string[] {
  const { id, seq, token, patch } = write
  const untilMs = patch.leaseMs === undefined ? holder.untilMs : at + patch.leaseMs
  holders.set(id, { ...holder, seq, untilMs, released: patch.state !== undefined })
  return isHeld(holder, at) ? [] : [`token ${token} of job ${id} was accepted after its lease`]
}

function isHeld({ released, untilMs }: Holder, at: Event['at']): boolean {
  return !released && at < untilMs
}
