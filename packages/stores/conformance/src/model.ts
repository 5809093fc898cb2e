import assert from 'node:assert/strict'
import {
  isEnded,
  type Job,
  type JobState,
  type PendingWish,
  type Wish,
  type Write,
  wishes,
} from '@longhaul/core/store'
import { leaseMs } from './builders.js'

interface ModelJob {
  state: JobState
  token: number
  wish: PendingWish | null
  cursor: string | null
  crashes: number
  readonly lane: string | null
  seq: number
  leaseEndsAt: number
}

/** The model knows no due times, so it can't tell what `promote` changes. */
type ModelWish = Exclude<Wish['kind'], 'promote' | 'move'>

export type Model = ReturnType<typeof modelOf>

/** What the contract says about a few jobs of one processor, as plainly as it can be said. */
export function modelOf(processor: string) {
  const jobs = new Map<string, ModelJob>()
  let now = 0

  const idOf = (number: number) => `${processor}/${number}`
  const isHeld = (job: ModelJob) => job.state === 'running' && now < job.leaseEndsAt
  const isDue = (job: ModelJob) => job.state === 'waiting' || (job.state === 'running' && !isHeld(job))

  /** A lane holds one job at most: all due jobs of it are worth one place, or none while it is held. */
  function claimable() {
    const places = new Set<string>()
    for (const [id, job] of jobs) if (isDue(job) && !isLaneHeld(job.lane)) places.add(job.lane ?? id)
    return places.size
  }
  function isLaneHeld(lane: string | null) {
    return lane !== null && [...jobs.values()].some(job => job.lane === lane && isHeld(job))
  }

  return {
    processor,
    idOf,

    advance(ms: number) {
      now += ms
    },

    insert(number: number, lane: string | null) {
      if (jobs.has(idOf(number))) return
      const fresh = { token: 0, wish: null, cursor: null, crashes: 0, seq: 0, leaseEndsAt: 0 }
      jobs.set(idOf(number), { state: 'waiting', lane, ...fresh })
    },

    claim(claimed: readonly Job[], limit: number) {
      assert.equal(claimed.length, Math.min(limit, claimable()), 'a claim gives what is due, up to its limit')
      for (const { id } of claimed) {
        const job = jobs.get(id)
        assert.ok(job && isDue(job) && !isLaneHeld(job.lane), `${id} is due, and nobody holds its lane`)
        if (job.state === 'running') job.crashes++
        Object.assign(job, { state: 'running', token: job.token + 1, seq: 0, leaseEndsAt: now + leaseMs })
      }
    },

    /** The next write of a holder, of the one before it (`age`), or the last one `again`. */
    writeOf({
      job: number,
      age,
      again,
      patch,
    }: {
      job: number
      age: number
      again: boolean
      patch: Write['patch']
    }): Write {
      const job = jobs.get(idOf(number))
      const seq = Math.max(1, (job?.seq ?? 0) + (again ? 0 : 1))
      return { id: idOf(number), token: (job?.token ?? 1) - age, seq, patch }
    },

    /** Answers whether the write is accepted. */
    write({ id, token, seq, patch }: Write): boolean {
      const job = jobs.get(id)
      if (!job || job.token !== token) return false
      if (seq <= job.seq) return true
      if (!isHeld(job)) return false
      job.seq = seq
      if (patch.cursor !== undefined) job.cursor = patch.cursor
      if (patch.leaseMs !== undefined) job.leaseEndsAt = now + patch.leaseMs
      if (patch.state !== undefined) letGo(job, patch.state)
      return true
    },

    /** Answers how many jobs the wish changes. */
    wish(number: number, kind: ModelWish): number {
      const job = jobs.get(idOf(number))
      if (!job) return 0
      const before = JSON.stringify(job)
      if (job.state === 'running' && (isHeld(job) || kind === 'resume')) keepWish(job, kind)
      else move(job, kind)
      return JSON.stringify(job) === before ? 0 : 1
    },

    /** What must be stored, by id. */
    shown: () => [...jobs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, job]) => ({ id, ...visible(job) })),
    shownOf: (job: Job) => ({ id: job.id, ...visible(job) }),
  }
}

type Visible = Pick<Job, 'state' | 'token' | 'wish' | 'cursor' | 'crashes' | 'lane'>

function visible({ state, token, wish, cursor, crashes, lane }: Visible): Visible {
  return { state, token, wish, cursor, crashes, lane }
}

function letGo(job: ModelJob, state: JobState) {
  const wished = job.wish === 'cancel' ? 'cancelled' : job.wish === 'pause' ? 'paused' : state
  job.state = isEnded(state) ? state : wished
  job.wish = null
}

function keepWish(job: ModelJob, kind: ModelWish) {
  if (kind === 'cancel') job.wish = 'cancel'
  if (kind === 'pause') job.wish ??= 'pause'
  if (kind === 'resume' && job.wish === 'pause') job.wish = null
}

function move(job: ModelJob, kind: ModelWish) {
  const wanted = kind === 'pause' && job.wish === 'cancel' ? 'cancel' : kind
  const to = wishes(wanted).find(([from]) => from === job.state)?.[1]
  if (!to) return
  job.state = to
  job.wish = null
  if (kind === 'retry') job.crashes = 0
}
