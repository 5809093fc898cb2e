/** How a runner is, at a glance. Instants are ISO 8601 in UTC, by the clock of this process. */
export interface Health {
  /** `unhealthy`: it can't work. `degraded`: it works, and somebody should look. */
  readonly status: 'healthy' | 'degraded' | 'unhealthy'
  /** Why it is not `healthy`: what is beyond its threshold. */
  readonly because: readonly HealthReason[]
  /** The workers of this runner: slots, claims and heartbeats. */
  readonly worker: WorkerHealth
  /** Whether the store answers, and how fast. */
  readonly store: StoreHealth
  /** `null` while the store can't tell. */
  readonly queue: QueueHealth | null
  /** Of this process; `null` when it can't be read. */
  readonly memory: { readonly rssBytes: number; readonly heapUsedBytes: number } | null
  /** Of this process; `null` when it can't be read. */
  readonly cpu: CpuHealth | null
  /** When all of this was read. */
  readonly checkedAt: string
}

/** What is beyond its threshold in {@link HealthOptions}. The first two make a runner `unhealthy`, the others `degraded`. */
export type HealthReason =
  | 'store_unreachable'
  | 'claims_stalled'
  | 'store_slow'
  | 'jobs_late'
  | 'event_loop_late'
  | 'memory_high'

/** The workers of one runner, taken together. */
export interface WorkerHealth {
  /** Whether `start` or `work` is under way here. */
  readonly running: boolean
  /** When a claim was answered last; `null` before the first one. */
  readonly lastClaimAt: string | null
  readonly slots: { readonly busy: number; readonly free: number }
  /** How much later than due the last heartbeat came; `null` before the first one. */
  readonly lateMs: number | null
}

/** What one small read of the store told. */
export interface StoreHealth {
  readonly reachable: boolean
  /** How long one small read took, or was waited for. */
  readonly latencyMs: number
  readonly error?: { readonly code: string; readonly message: string }
}

/** The jobs that this runner may work. */
export interface QueueHealth {
  readonly waiting: number
  /** How long until the next one is due; 0 when one is, `null` without any. */
  readonly dueInMs: number | null
  /**
   * How long the longest due of all that wait has been so; `null` without any. Paused ones do not count. Where a queue is
   * paused and the runner works all queues, it is the longest due of the newest 5_000.
   */
  readonly oldestDueMs: number | null
}

/** Processor time of this process, of all its cores together. */
export interface CpuHealth {
  /** Since the process began. */
  readonly usedMs: number
  /** Since the check before: 1 is one core. `null` at the first check, and when no time has passed. */
  readonly share: number | null
}
