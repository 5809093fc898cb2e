import type { ConnectionLimits } from './connections.js'

export interface EventsOptions {
  /** How often what is followed is looked up, whoever changed it. At least 100. @defaultValue 500 */
  readonly pollMs?: number
  /** @defaultValue 15_000 */
  readonly heartbeatMs?: number
  /** How long a stream stays open; its reader connects again and misses nothing. @defaultValue 300_000 */
  readonly maxMs?: number
  /** How many streams this process keeps open. */
  readonly connections?: ConnectionLimits
}
