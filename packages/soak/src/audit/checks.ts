import { endedStates } from '@longhaul/core/store'
import type { CommitLine, Violation } from '../evidence.js'
import { itemsPassed, type JobHistory, positionsOf } from './history.js'

/** What one job must have been spared. */
export type Check = (history: JobHistory) => readonly Violation[]

/** What was enqueued is stored, is completed, and has counted every item once; nothing else is stored. */
export const lostJobs: Check = ({ id, enqueued, stored }) => {
  const lost = (why: string): Violation[] => [{ kind: 'lost job', detail: `${id} ${why}` }]
  if (!enqueued) return lost('is there, and nobody enqueued it')
  if (!stored) return lost('is not in the store')
  if (stored.state !== 'completed') return lost(`is ${stored.state} after the drain`)
  const { done } = stored.progress
  return done === enqueued.items ? [] : lost(`counted ${done} of its ${enqueued.items} items`)
}

/** An item behind a cursor was worked before the cursor was there. */
export const skippedItems: Check = history => {
  const workedAt = firstEffects(history)
  const skipped = new Set<number>()
  for (const { at, passed } of positionsOf(history)) {
    for (let item = 1; item <= passed; item++) {
      if (!((workedAt.get(item) ?? Number.POSITIVE_INFINITY) <= at)) skipped.add(item)
    }
  }
  return [...skipped, ...neverWorked(history, workedAt)].map(item => ({
    kind: 'skipped item',
    detail: `${history.id}: the cursor passed item ${item} before it was worked`,
  }))
}

function firstEffects({ effects }: JobHistory): ReadonlyMap<number, number> {
  const workedAt = new Map<number, number>()
  for (const { item, at } of effects) workedAt.set(item, Math.min(at, workedAt.get(item) ?? at))
  return workedAt
}

/** The last commit may have no line of its own, so a completed job is looked at again. */
function neverWorked({ enqueued, stored }: JobHistory, workedAt: ReadonlyMap<number, number>): number[] {
  if (stored?.state !== 'completed' || !enqueued) return []
  return Array.from({ length: enqueued.items }, (_, index) => index + 1).filter(item => !workedAt.has(item))
}

/** No write got through that was sent after a newer token was given out, or that met one in the store. */
export const staleWrites: Check = ({ id, claims, commits }) =>
  commits.filter(isAccepted).flatMap(({ token, seq, sentAt, storedToken }): Violation[] => {
    const newer = claims.find(claim => claim.token > token && claim.at < sentAt)
    if (!newer && storedToken === token) return []
    const found = newer ? `token ${newer.token} had claimed it` : `the store had token ${storedToken}`
    return [
      { kind: 'stale write', detail: `${id}: write ${seq} of token ${token} was accepted, but ${found}` },
    ]
  })

/** No later cursor, by token and write, stands before an earlier one; and the last one is at the end. */
export const movedBack: Check = history => {
  const { id, stored, enqueued } = history
  const found: Violation[] = []
  let furthest = 0
  for (const { token, seq, passed } of positionsOf(history)) {
    if (passed < furthest) found.push(back(id, `write ${seq} of token ${token}`, furthest, passed))
    furthest = Math.max(furthest, passed)
  }
  const last = stored && itemsPassed(stored.cursor, enqueued?.items ?? 0)
  return last !== undefined && last < furthest ? [...found, back(id, 'the drain', furthest, last)] : found
}

function back(id: string, when: string, from: number, to: number): Violation {
  return {
    kind: 'moved back',
    detail: `${id}: at ${when} the cursor stood behind ${to} items, after ${from}`,
  }
}

/** One write ends a job, by its last token, and nobody gets it afterwards. */
export const finishedTwice: Check = ({ id, claims, commits, stored }) => {
  const twice = (detail: string): Violation[] => [{ kind: 'finished twice', detail: `${id}: ${detail}` }]
  const endings = commits.filter(commit => isAccepted(commit) && isEnding(commit))
  const [first] = endings
  const other = endings.find(({ token, seq }) => token !== first?.token || seq !== first?.seq)
  if (first && other) return twice(`tokens ${first.token} and ${other.token} both ended it`)
  const newest = Math.max(claims.at(-1)?.token ?? 0, stored?.token ?? 0)
  if (first && newest > first.token) return twice(`token ${first.token} ended it, and token ${newest} got it`)
  if (stored && newest > stored.token)
    return twice(`token ${newest} was given out, ${stored.token} is stored`)
  return []
}

const isAccepted = ({ answer }: CommitLine) => answer === 'accepted'

const isEnding = ({ state }: CommitLine) =>
  state !== undefined && (endedStates as readonly string[]).includes(state)

export const checks: readonly Check[] = [lostJobs, skippedItems, staleWrites, movedBack, finishedTwice]
