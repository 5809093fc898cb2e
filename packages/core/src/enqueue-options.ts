import type { AfterJobs } from './after.js'
import { checkInteger } from './check-integer.js'
import { checkText } from './check-text.js'
import { checkMs, isInstant } from './durations.js'
import { OptionsError } from './errors.js'

/** What a producer may say about a job, beyond its input. Names and keys have from 1 to 500 characters. */
export interface EnqueueOptions {
  /**
   * Idempotency key: as long as a job of this processor and tenant with the same key is kept, enqueueing it
   * again answers with that job and stores nothing.
   */
  readonly key?: string
  /** Due this long after it was stored. From 0 to 3_153_600_000_000, a hundred years. @defaultValue 0 */
  readonly delayMs?: number
  /** Due at this instant, from 1970 to 9999: a Date, or an ISO 8601 string with its offset. Wins over `delayMs`. */
  readonly runAt?: Date | string
  /** A larger number goes first. An integer, or `low` (-10), `normal` (0), `high` (10). @defaultValue 0 */
  readonly priority?: number | 'low' | 'normal' | 'high'
  /** @defaultValue the processor's, else `default` */
  readonly queue?: string
  /** In place of the lane that the processor would choose. */
  readonly lane?: Lane
  /** Whose it is. Keys are told apart by it, and `list`, groups and HTTP routes can be kept to it. @defaultValue none */
  readonly tenant?: string
  /** Kept with the job and found by `list`: the request or trace it belongs to. */
  readonly correlationId?: string
  /** At most 20, each found by `list`. */
  readonly tags?: readonly string[]
  /** The jobs to wait for. They are stored already. */
  readonly after?: AfterJobs
  /** The group that it belongs to: see `runner.group()`. */
  readonly group?: string
  /**
   * If it is not done this long after it was stored, it fails with `deadline_exceeded`; a running handler is told to
   * stop. From 1 to 31_536_000_000 (a year), and above `delayMs`. @defaultValue none
   */
  readonly deadlineMs?: number
  /** What started it, as flags name it: see `runner.route`. */
  readonly trigger?: string
}

/** A follow-up job waits for nobody: it is stored with the work that led to it. */
export type FollowUpOptions = Omit<EnqueueOptions, 'after'>

/**
 * At most `limit` jobs of one lane run at once, over all workers: from 1 to 1_000_000. A plain string means one at a time.
 * The key has from 1 to 500 characters.
 */
export type Lane = string | { readonly key: string; readonly limit: number }

const bands = { low: -10, normal: 0, high: 10 } as const
const known = new Set([
  'key',
  'delayMs',
  'runAt',
  'priority',
  'queue',
  'lane',
  'tenant',
  'correlationId',
  'tags',
  'after',
  'group',
  'deadlineMs',
  'trigger',
])
const yearMs = 31_536_000_000

/** @throws {OptionsError} for an option that is unknown or out of range. */
export function checkEnqueueOptions(options: EnqueueOptions): void {
  const names = Object.keys(options)
  if (names.length === 0) return
  for (const name of names) {
    if (!known.has(name))
      throw new OptionsError(name, `is not an option of enqueue. There are: ${[...known].join(', ')}`)
  }
  if (options.delayMs !== undefined) checkMs('delayMs', options.delayMs)
  if (options.deadlineMs !== undefined) checkDeadline(options.deadlineMs, options.delayMs)
  checkTexts(options)
  if ((options.tags?.length ?? 0) > 20) throw new OptionsError('tags', 'at most 20')
}

/** One that is over before the job is due can only fail. */
function checkDeadline(deadlineMs: number, delayMs = 0) {
  checkInteger('deadlineMs', deadlineMs, 1, yearMs)
  if (deadlineMs > delayMs) return
  throw new OptionsError('deadlineMs', `must be above delayMs, ${delayMs}: both count from the enqueue`)
}

/** @throws {OptionsError} for one that waits for others. */
export function checkFollowUp(options: EnqueueOptions): void {
  if (options.after === undefined) return
  throw new OptionsError(
    'after',
    'a follow-up job waits for nobody. Enqueue it beforehand with runner.group()',
  )
}

function checkTexts(options: EnqueueOptions) {
  const { key, queue, tenant, correlationId, group, trigger, tags = [] } = options
  for (const [name, text] of Object.entries({ key, queue, tenant, correlationId, group, trigger, ...tags })) {
    if (text !== undefined) checkText(name, text, 500)
  }
}

/** @throws {OptionsError} unless it is a band or an integer within ±1,000,000. */
export function readPriority(priority: EnqueueOptions['priority'] = 0): number {
  const value = typeof priority === 'string' ? bands[priority] : priority
  if (Number.isInteger(value) && Math.abs(value) <= 1_000_000) return value
  throw new OptionsError(
    'priority',
    `must be low, normal, high or an integer within ±1,000,000, not ${priority}`,
  )
}

/** Epoch milliseconds. @throws {OptionsError} for what is no instant from 1970 to 9999, or one without its offset. */
export function readInstant(given: Date | string, option = 'runAt'): number {
  const hasOffset = given instanceof Date || /(Z|[+-]\d{2}:?\d{2})$/i.test(given)
  const instant = given instanceof Date ? given.getTime() : Date.parse(given)
  if (hasOffset && isInstant(instant)) return instant
  throw new OptionsError(
    option,
    `must be a Date or an ISO 8601 string with its offset, from 1970 to 9999, not ${String(given)}`,
  )
}

/** @throws {OptionsError} for a key or a limit that is out of range. */
export function readLane(lane: Lane | null | undefined): {
  readonly lane: string | null
  readonly laneLimit: number
} {
  if (lane === null || lane === undefined) return { lane: null, laneLimit: 1 }
  const { key, limit } = typeof lane === 'string' ? { key: lane, limit: 1 } : lane
  checkText('lane', key, 500)
  checkInteger('lane.limit', limit, 1, 1_000_000)
  return { lane: key, laneLimit: limit }
}
