import { checkInteger } from '../check-integer.js'
import { OptionsError } from '../errors.js'

/** From where on a runner counts as `degraded` or `unhealthy`. */
export interface HealthOptions {
  /** `unhealthy` when the store gives no answer for this long. From 1 to 60_000. @defaultValue 5_000 */
  readonly storeTimeoutMs?: number
  /** `degraded` when the store takes longer than this. From 1 to 60_000. @defaultValue 1_000 */
  readonly slowStoreMs?: number
  /**
   * `unhealthy` when a worker with a free slot has had no answer to a claim for longer than this. It has to be more than
   * `pollMs`. From 1_000 to 86_400_000. @defaultValue 60_000, or three times `pollMs` if that is more
   */
  readonly stalledMs?: number
  /** `degraded` when a job has been due for longer than this. From 1_000 to 2_592_000_000. @defaultValue 300_000 */
  readonly lateJobsMs?: number
  /** `degraded` when the event loop was busy for longer than this at once. From 1 to 3_600_000. @defaultValue 1_000 */
  readonly lateLoopMs?: number
  /** `degraded` when the process takes more memory than this. At least 1. @defaultValue no limit */
  readonly memoryBytes?: number
}

export type Thresholds = Required<HealthOptions>

const ranges: Record<keyof HealthOptions, readonly [least: number, most: number]> = {
  storeTimeoutMs: [1, 60_000],
  slowStoreMs: [1, 60_000],
  stalledMs: [1_000, 86_400_000],
  lateJobsMs: [1_000, 2_592_000_000],
  lateLoopMs: [1, 3_600_000],
  memoryBytes: [1, Number.MAX_SAFE_INTEGER],
}

/** @throws {OptionsError} when one is out of range. */
export function healthThresholds(options: HealthOptions, pollMs: number): Thresholds {
  for (const [name, value] of Object.entries(options)) check(name, value)
  return {
    storeTimeoutMs: 5_000,
    slowStoreMs: 1_000,
    stalledMs: Math.max(60_000, 3 * pollMs),
    lateJobsMs: 300_000,
    lateLoopMs: 1_000,
    memoryBytes: Number.POSITIVE_INFINITY,
    ...options,
  }
}

function check(name: string, value: unknown): void {
  const range = ranges[name as keyof HealthOptions]
  if (!range) throw new OptionsError(`health.${name}`, `is not one of ${Object.keys(ranges).join(', ')}`)
  const [least, most] = range
  checkInteger(`health.${name}`, value, least, most)
}
