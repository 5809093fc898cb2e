/** Where a job stands. `blocked` waits for other jobs, `waiting` is due now or later (a retry too). */
export type JobState =
  | 'blocked'
  | 'waiting'
  | 'running'
  | 'paused'
  | 'completed'
  | 'completed_with_errors'
  | 'failed'
  | 'cancelled'

/** What someone outside wants of a job while a worker holds it; the holder sees it at its next commit. */
export type PendingWish = 'cancel' | 'pause'

/** How far a job is. `done` counts every item that ended, also the `failed` and `skipped` ones. */
export interface Progress {
  readonly done: number
  readonly failed: number
  readonly skipped: number
  /** `null` while unknown. */
  readonly total: number | null
}

/** What a producer decides about a job. Fixed from `insert` on. */
export interface JobSpec {
  /** Unique, chosen by the caller, so that a repeated `insert` adds nothing. */
  readonly id: string
  readonly processor: string
  readonly queue: string
  /** Opaque to the store. */
  readonly input: string
  /** A larger number goes first. An integer from -1_000_000 to 1_000_000. */
  readonly priority: number
  /** Idempotency key, unique per `processor` and `tenant` for as long as the job is kept. */
  readonly key: string | null
  /** At most `laneLimit` jobs of one lane run at once, over all workers. */
  readonly lane: string | null
  readonly laneLimit: number
  readonly tenant: string | null
  readonly correlationId: string | null
  readonly tags: readonly string[]
  /** The operation it is a part of. */
  readonly group: string | null
  /** The core's own notes of what the producer decided. Opaque to the store. */
  readonly note: string | null
}

/** A job on its way into a store. */
export interface NewJob extends JobSpec {
  /** Due this long after the insert, by the store's clock. */
  readonly delayMs: number
  /** An instant that a person named (epoch ms); the store compares it with its own clock. Wins over `delayMs`. */
  readonly runAt?: number
  /** Absent: it waits for nobody. */
  readonly after?: After
}

/** A job that a write brings along. It can't wait for others: the write would fail with an id that is not there. */
export type FollowUp = Omit<NewJob, 'after'>

/** Whom a job waits for: `succeeded` are `completed` and `completed_with_errors`, `ended` is any end. */
export interface After {
  readonly ids: readonly string[]
  readonly outcome: 'succeeded' | 'ended'
}

/** What the newest holder of a job last wrote about it. All strings are opaque to a store. */
export interface JobWork {
  readonly cursor: string | null
  readonly output: string | null
  readonly error: string | null
  /** The core's own notes: counters, rate of work. */
  readonly memo: string | null
  readonly progress: Progress
  /** Failures of the handler since the job last made progress. */
  readonly attempts: number
  /** Leases that ended under a holder since the job last made progress. */
  readonly crashes: number
  /** Times the job was given back unfinished: deadline, stop, deploy. */
  readonly interruptions: number
  /** Times the job was given back because a gate was closed. */
  readonly throttles: number
}

/** A stored job. Instants are epoch milliseconds by the store's clock. */
export interface Job extends JobSpec, JobWork {
  readonly state: JobState
  /** Grows by one at each claim. An older token can write nothing. */
  readonly token: number
  readonly wish: PendingWish | null
  /** How many jobs it still waits for. A job that has succeeded or ended as it needs never counts again. */
  readonly waitsFor: number
  readonly createdAt: number
  /** When the job may be claimed; while it runs, when its lease ends. */
  readonly dueAt: number
  /** First claim. */
  readonly startedAt: number | null
  readonly endedAt: number | null
}

/** A job as lists give it: without the two strings that may be large. */
export type JobHead = Omit<Job, 'input' | 'output'>

/** How one item of a job ended. `key` is unique in its job; the newest outcome of a key replaces the older. */
export interface ItemRecord {
  readonly key: string
  readonly outcome: 'completed' | 'skipped' | 'failed'
  /** Opaque: the item itself, so that it can be tried again. */
  readonly value: string | null
  /** Opaque: why. */
  readonly error: string | null
}

/** One line that a processor logged. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
}
