import type { Secrets } from '../access/secrets.js'

/** Starts the next invocation. It resolves when that has begun, or when nobody can say. */
export type HandOver = (call: HandOverCall) => Promise<void>

export interface HandOverCall {
  /** New for each call: a call that arrives twice starts one invocation. */
  readonly id: string
  /** How many calls led to this one, one after another. */
  readonly depth: number
}

export interface WorkRouteOptions {
  /**
   * What cron and other callers of `/work` bring as `Authorization: Bearer …`, as `CRON_SECRET`; two during a rotation. It
   * also signs the calls that the app makes to itself. While it is unset the route lets nobody in.
   */
  readonly secrets: Secrets
  /**
   * How long an invocation may take where the platform does not tell its deadline, from its first moment. At least 1_000.
   *
   * @defaultValue 10_000, the least that any platform gives
   */
  readonly maxDurationMs?: number
  /** Kept free before the deadline, to save and to hand over. @defaultValue a tenth of the time, from 500 to 5_000 */
  readonly marginMs?: number
  /** For work that is due this soon an invocation waits, or the next one is started; for other work cron comes. @defaultValue 30_000 */
  readonly patienceMs?: number
  /** How the next invocation is started: see {@link selfCall}. Absent: by cron alone. */
  readonly handOver?: HandOver
  /** After so many calls, one after another, cron has to go on: a fuse. @defaultValue 1_000 */
  readonly maxDepth?: number
}
