import type { Violation } from '../evidence.js'
import type { JobHistory } from './history.js'

/** A time in which a token held its job for certain. */
interface Hold {
  readonly job: string
  readonly token: number
  readonly from: number
  readonly until: number
}

/** At no moment two tokens of a job hold it, and no lane has more jobs at work than it admits. */
export function twoOwners(histories: readonly JobHistory[]): readonly Violation[] {
  const ofJobs = histories.flatMap(history => tooMany(holdsOf(history), 1, `job ${history.id}`))
  const ofLanes = [...lanesOf(histories)].flatMap(([lane, { limit, holds }]) =>
    tooMany(holds, limit, `lane ${lane}`),
  )
  return [...ofJobs, ...ofLanes]
}

/** From the answer to the claim until the last write was sent that got through: so long its lease must have run. */
function holdsOf({ id, claims, commits }: JobHistory): readonly Hold[] {
  return claims.flatMap(({ token, at }) => {
    const sent = commits.filter(commit => commit.token === token && commit.answer === 'accepted')
    const until = Math.max(at, ...sent.map(({ sentAt }) => sentAt))
    return until > at ? [{ job: id, token, from: at, until }] : []
  })
}

function lanesOf(histories: readonly JobHistory[]) {
  const lanes = new Map<string, { limit: number; holds: Hold[] }>()
  for (const history of histories) {
    const { lane = null, laneLimit = 1 } = history.enqueued ?? {}
    if (lane === null) continue
    const known = lanes.get(lane) ?? { limit: laneLimit, holds: [] }
    known.holds.push(...holdsOf(history))
    lanes.set(lane, known)
  }
  return lanes
}

/** Walks through time: what has begun and not ended is at work. */
function tooMany(holds: readonly Hold[], limit: number, of: string): readonly Violation[] {
  const found: Violation[] = []
  let open: Hold[] = []
  for (const hold of holds.toSorted((a, b) => a.from - b.from)) {
    open = [...open.filter(({ until }) => until > hold.from), hold]
    if (open.length > limit)
      found.push({ kind: 'two owners', detail: `${of}: ${open.map(named).join(' beside ')}` })
  }
  return found
}

function named({ job, token, from, until }: Hold): string {
  return `${job} by token ${token} (${from}–${until})`
}
