import type { JobHead } from '@longhaul/core/store'
import { type EventOf, only } from '../events.js'
import type { Run } from '../run.js'
import { expectedOf } from './expected.js'
import { faultsIn } from './faults.js'

/** No job was begun after its deadline, worked on after it by who held it, or taken up again and again. */
export function missedDeadlines(run: Run): string[] {
  return run.jobs.flatMap(job => {
    const deadlineMs = expectedOf(job, run.scenario)?.deadlineMs
    return deadlineMs === undefined ? [] : missedBy(job, job.createdAt + deadlineMs, run)
  })
}

function missedBy({ id }: JobHead, deadline: number, run: Run): string[] {
  const late = only(run.events, 'claimed').filter(({ job, at }) => job.id === id && at >= deadline)
  const acts = only(run.events, 'effect').filter(({ job, at }) => job === id && at > deadline)
  const begun = acts.filter(({ token }) => late.some(({ job }) => job.token === token))
  const held = acts.filter(act => act.at < leaseEnd(act, run))
  const most = 1 + faultsIn(run)
  return [
    ...begun.map(({ token }) => `token ${token} of job ${id} was begun after its deadline`),
    ...held.map(({ token }) => `token ${token} of job ${id} went on after its deadline`),
    ...(late.length > most ? [`job ${id} was claimed ${late.length} times after its deadline`] : []),
  ]
}

/** As the store had it when that happened. */
function leaseEnd({ job, token, at }: EventOf<'effect'>, { events }: Run): number {
  const before = events.filter(event => event.at <= at)
  const claims = only(before, 'claimed').filter(event => event.job.id === job && event.job.token === token)
  const writes = only(before, 'written').filter(({ write }) => write.id === job && write.token === token)
  const accepted = writes.filter(({ answer }) => answer.accepted)
  return Math.max(
    ...claims.map(event => event.at + event.request.leaseMs),
    ...accepted.map(event => event.at + (event.write.patch.leaseMs ?? 0)),
  )
}
