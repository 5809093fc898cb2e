import type { Clock } from '../clock.js'
import { createPace } from '../pace.js'
import type { Committed, Job, Write } from '../store/index.js'
import { giveBack } from './give-back.js'

export interface ReserveDeps {
  readonly clock: Clock
  readonly concurrency: number
  readonly leaseMs: number
  commit(write: Write): Promise<Committed>
}

interface Waiting {
  readonly job: Job
  readonly since: number
}

const leastAhead = 20
/** For each slot. */
const mostAhead = 3

/**
 * Jobs that are claimed and not begun yet. While there is a backlog of quick jobs, more are claimed than there are
 * slots, so that no slot waits for a round trip. Nothing is held for long: what has not begun by the next heartbeat
 * goes back, and nobody counts that.
 */
export function createReserve({ clock, concurrency, leaseMs, commit }: ReserveDeps) {
  const ahead = Math.max(mostAhead * concurrency, leastAhead)
  const slicePace = createPace()
  let waiting: Waiting[] = []
  let backlog = false
  let paceIsKnown = false

  /** Whether all that would be held could begin within a small part of its lease. */
  function isWorthwhile(): boolean {
    return backlog && paceIsKnown && slicePace.p95Ms() * Math.ceil(ahead / concurrency) < leaseMs / 20
  }

  async function release(jobs: readonly Waiting[]): Promise<void> {
    await Promise.all(jobs.map(({ job }) => giveBack(job, 0, commit)))
  }

  return {
    /** How many to claim now: none while enough wait, so that claims are few and large. */
    room(slots: number, most: number): number {
      const free = slots - waiting.length
      if (!isWorthwhile()) return Math.min(free, most)
      return waiting.length > ahead / 2 ? 0 : Math.min(free + ahead, most)
    },

    add(jobs: readonly Job[], asked: number): void {
      const since = clock.now()
      if (asked > 0) backlog = jobs.length === asked
      for (const job of jobs) waiting.push({ job, since })
    },

    take: (): Job | undefined => waiting.shift()?.job,

    /** How long a slice took. */
    record(durationMs: number): void {
      paceIsKnown = true
      slicePace.record(durationMs)
    },

    giveBackOld(olderThanMs: number): Promise<void> {
      const now = clock.now()
      const old = waiting.filter(({ since }) => now - since >= olderThanMs)
      waiting = waiting.filter(({ since }) => now - since < olderThanMs)
      return release(old)
    },

    giveBack(): Promise<void> {
      return release(waiting.splice(0))
    },
  }
}
