import type { ClaimRequest, Job } from '../store/index.js'
import { type Entry, isHeld, type Tables } from './tables.js'

export function claim(tables: Tables, request: ClaimRequest, now: number): readonly Entry[] {
  const given = givenBefore(tables, request.claimId, now)
  if (given.length > 0) return given

  const taken = choose(tables, request, now)
  for (const [place, entry] of taken.entries()) take(tables, entry, request, place, now)
  return taken
}

function givenBefore(tables: Tables, claimId: string, now: number) {
  const given = [...tables.running].filter(entry => entry.claimId === claimId && isHeld(entry.job, now))
  return given.sort((one, other) => one.claimPlace - other.claimPlace)
}

function choose(tables: Tables, request: ClaimRequest, now: number): Entry[] {
  const hasPlace = lanePlaces(tables, now)
  const chosen: Entry[] = []
  for (const entry of tables.due(now, request.order)) {
    if (chosen.length >= request.limit) break
    if (isAskedFor(entry.job, request) && hasPlace(entry.job)) chosen.push(entry)
  }
  return chosen
}

function isAskedFor({ processor, queue }: Job, { processors, queues, exceptQueues }: ClaimRequest) {
  return processors.includes(processor) && (queues?.includes(queue) ?? true) && !exceptQueues?.includes(queue)
}

/** Answers whether the lane of a job has a place left, and takes it. */
function lanePlaces(tables: Tables, now: number) {
  const used = new Map<string, number>()
  for (const { job } of tables.running) {
    if (job.lane !== null && isHeld(job, now)) used.set(job.lane, (used.get(job.lane) ?? 0) + 1)
  }
  return ({ lane, laneLimit }: Job) => {
    if (lane === null) return true
    const taken = used.get(lane) ?? 0
    if (taken >= laneLimit) return false
    used.set(lane, taken + 1)
    return true
  }
}

function take(tables: Tables, entry: Entry, { claimId, leaseMs }: ClaimRequest, place: number, now: number) {
  const { state, token, crashes, startedAt } = entry.job
  entry.claimId = claimId
  entry.claimPlace = place
  entry.seq = 0
  tables.change(entry, {
    state: 'running',
    token: token + 1,
    crashes: state === 'running' ? crashes + 1 : crashes,
    startedAt: startedAt ?? now,
    dueAt: now + leaseMs,
  })
}
