import assert from 'node:assert/strict'
import { isEnded, type JobHead, type JobState, orBlocked, transitions } from '@longhaul/core/store'
import { groups } from './names.js'
import type { Seen } from './seen.js'
import type { Step, World } from './world.js'

/** What must be so after each step, whatever the call was. */
const laws: Readonly<Record<string, (step: Step) => boolean>> = {
  'only what is due is claimed, and each claim has a token of its own': ({ before, after }) =>
    changes(before, after).every(([was, is]) => is.token === was.token || isNextClaim(was, is, after.now)),

  'a write is accepted from the newest token only': ({ call, reply, before }) =>
    call.do !== 'commit' ||
    call.writes.every(
      ({ write }, index) =>
        !reply.committed?.[index]?.accepted || newestToken(before.seen, write.id) === write.token,
    ),

  'a cursor is changed by a holder, or by a retry that says so': step =>
    changes(step.before, step.after).every(([was, is]) => is.cursor === was.cursor || isWritten(is.id, step)),

  'an end is final until a retry': ({ call, before, after }) =>
    (call.do === 'request' && call.wish.kind === 'retry') ||
    changes(before, after).every(
      ([was, is]) => !isEnded(was.state) || (is.state === was.state && is.endedAt === was.endedAt),
    ),

  'a job goes only where an arrow leads': ({ before, after }) =>
    changes(before, after).every(([was, is]) => was.state === is.state || isArrow(was, is)),

  'an ended job has an instant of its end, and no other has': ({ after }) =>
    after.seen.jobs.every(({ state, endedAt }) => isEnded(state) === (endedAt !== null)),

  'the counts are those of the jobs that are listed': ({ after: { seen } }) =>
    isCountOf(seen.counts, seen.jobs) &&
    groups.every((group, index) =>
      isCountOf(
        seen.ofGroups[index],
        seen.jobs.filter(job => job.group === group),
      ),
    ),

  'a lane has no more holders than its widest one allows': ({ after }) => {
    const held = after.seen.jobs.filter(job => job.lane !== null && isHeld(job, after.now))
    return held.every(({ lane }) => {
      const beside = held.filter(job => job.lane === lane)
      return beside.length <= Math.max(...beside.map(({ laneLimit }) => laneLimit))
    })
  },

  'a blocked job waits for somebody, and one that waits or runs for nobody': ({ after }) =>
    after.seen.jobs.every(
      ({ state, waitsFor }) =>
        (state !== 'blocked' || waitsFor > 0) && (!['waiting', 'running'].includes(state) || waitsFor === 0),
    ),

  'whom a job waits for is still there': ({ after: { seen, edges } }) =>
    [...edges.values()].every(awaited =>
      [...awaited.keys()].every(id => seen.jobs.some(job => job.id === id)),
    ),

  'a job waits for as many as the calls say': ({ after: { seen, edges } }) =>
    seen.jobs.every(({ id, waitsFor }) => waitsFor === (edges.get(id)?.size ?? 0)),
}

/** @throws {assert.AssertionError} It names the law and the call. */
export function checkLaws(step: Step): void {
  for (const [law, holds] of Object.entries(laws))
    assert.ok(holds(step), `${law}: after ${JSON.stringify(step.call)}`)
}

function changes(before: World, after: World): (readonly [JobHead, JobHead])[] {
  const earlier = new Map(before.seen.jobs.map(job => [job.id, job]))
  return after.seen.jobs.flatMap(job => {
    const was = earlier.get(job.id)
    return was ? [[was, job] as const] : []
  })
}

/** Nobody held it any more, and the token is the next one. */
function isNextClaim(was: JobHead, is: JobHead, now: number): boolean {
  const isFree = was.state === 'waiting' || (was.state === 'running' && !isHeld(was, now))
  return is.token === was.token + 1 && isFree && was.dueAt <= now
}

function isHeld({ state, dueAt }: JobHead, now: number): boolean {
  return state === 'running' && now < dueAt
}

function newestToken({ jobs }: Seen, id: string): number | undefined {
  return jobs.find(job => job.id === id)?.token
}

function isWritten(id: string, { call, reply }: Step): boolean {
  if (call.do === 'request') return call.wish.kind === 'retry' && call.wish.work?.cursor !== undefined
  if (call.do !== 'commit') return false
  return call.writes.some(
    ({ write }, index) =>
      write.id === id && write.patch.cursor !== undefined && reply.committed?.[index]?.accepted,
  )
}

function isArrow(was: JobHead, { state, waitsFor }: JobHead): boolean {
  return Object.values(transitions[was.state]).some(to => orBlocked(to, waitsFor) === state)
}

function isCountOf(counts: Seen['counts'] | undefined, jobs: readonly JobHead[]): boolean {
  const entries = Object.entries(counts?.states ?? {}) as [JobState, number][]
  return (
    entries.length === Object.keys(transitions).length &&
    entries.every(([state, count]) => count === jobs.filter(job => job.state === state).length)
  )
}
