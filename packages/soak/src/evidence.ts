import type { JobState, Progress } from '@longhaul/core'

/**
 * A line of a worker's ledger. Each is appended by one write before the worker goes on, so a `kill -9` loses none.
 * `at` is epoch milliseconds by the host's clock, which all processes of a soak share.
 */
interface Line {
  readonly at: number
  /** Its place in the fleet, and how often that was filled anew: `2.14`. Unlike a pid, it never comes again. */
  readonly worker: string
  readonly pid: number
}

interface JobLine extends Line {
  readonly job: string
  readonly token: number
}

/** The store gave the job out. It did so between `sentAt` and `at`. */
export interface ClaimLine extends JobLine {
  readonly type: 'claim'
  readonly sentAt: number
  readonly cursor: string | null
}

/** A claim gave fewer jobs than there are free slots: nothing else was due. */
export interface FreeLine extends Line {
  readonly type: 'free'
}

/** One item was worked. */
export interface EffectLine extends JobLine {
  readonly type: 'effect'
  readonly item: number
}

/** The store answered a write, or failed to. */
export interface CommitLine extends JobLine {
  readonly type: 'commit'
  /** When this write, by its `seq`, was sent for the first time. */
  readonly sentAt: number
  readonly seq: number
  /** Absent where the write did not move the cursor. */
  readonly cursor?: string | null
  /** Absent where the worker kept the job. */
  readonly state?: JobState
  readonly answer: 'accepted' | 'refused' | 'unknown'
  /** The token that the store had, as it said itself. */
  readonly storedToken: number | null
}

/** The worker learned that its lease is lost. */
export interface LostLine extends JobLine {
  readonly type: 'lost'
  readonly reason: string
}

/** For `ms` until `at` the process got no turn (`loop`), or the store did not answer it (`store`). */
export interface StallLine extends Line {
  readonly type: 'stall'
  readonly of: 'loop' | 'store'
  readonly ms: number
}

export type LedgerLine = ClaimLine | FreeLine | EffectLine | CommitLine | LostLine | StallLine

/**
 * What was done to a worker: `kill -9`, a pause (SIGSTOP, later SIGCONT), an orderly stop (SIGTERM). Or to the
 * server, which hits every worker.
 */
export interface Fault {
  readonly kind: 'kill' | 'pause' | 'stop' | 'server'
  /** `null` for the server. */
  readonly worker: string | null
  readonly at: number
  readonly until: number
}

/** A job whose enqueue was acknowledged. */
export interface EnqueuedJob {
  readonly id: string
  /** Its items are the numbers from 1 to this. */
  readonly items: number
  readonly lane: string | null
  readonly laneLimit: number
}

/** A job as the store has it after the drain. */
export interface StoredJob {
  readonly id: string
  readonly state: JobState
  readonly token: number
  readonly cursor: string | null
  readonly progress: Progress
}

/** All that an audit needs to know. */
export interface Evidence {
  readonly lines: readonly LedgerLine[]
  readonly faults: readonly Fault[]
  readonly enqueued: readonly EnqueuedJob[]
  readonly stored: readonly StoredJob[]
  readonly limits: Limits
}

export interface Limits {
  readonly workers: number
  /** Jobs side by side in one worker. */
  readonly slots: number
  /** The most items in a batch. */
  readonly batchSize: number
  readonly leaseMs: number
  readonly pollMs: number
  /** All workers write under one lock: while a worker that holds it is paused, nobody else can renew a lease. */
  readonly sharesLock: boolean
}

export const violationKinds = [
  'lost job',
  'skipped item',
  'stale write',
  'moved back',
  'finished twice',
  'two owners',
  'unexplained repeat',
  'slow take-over',
  'unsound store',
  'worker died',
] as const

export interface Violation {
  readonly kind: (typeof violationKinds)[number]
  readonly detail: string
}
