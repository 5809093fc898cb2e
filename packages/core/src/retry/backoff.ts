import type { Random } from '../clock.js'
import { checkMs, longestMs, nearestMs } from '../durations.js'
import { OptionsError } from '../errors.js'

/**
 * How long to wait before the next attempt. `attempt` is 1 after the first failure.
 *
 * - `fixed`: `delayMs`
 * - `linear`: `delayMs × attempt`
 * - `exponential`: `delayMs × factor ^ (attempt - 1)`
 *
 * The result is cut at `maxMs`. With `jitter: 'full'` the wait is a random part of it, so that what failed
 * together does not come back together (AWS Architecture Blog, "Exponential Backoff And Jitter").
 */
export type Backoff = BackoffOptions | ((attempt: number, error: unknown) => number)

/** A wait by a formula, in milliseconds. */
export interface BackoffOptions {
  readonly type: 'fixed' | 'linear' | 'exponential'
  /** Up to a hundred years. @defaultValue 1_000 */
  readonly delayMs?: number
  /** Only for `exponential`; at least 1. @defaultValue 2 */
  readonly factor?: number
  /** Up to a hundred years. @defaultValue 3_600_000, an hour */
  readonly maxMs?: number
  /** @defaultValue 'full' */
  readonly jitter?: 'full' | 'none'
}

const hourMs = 3_600_000
export const defaultBackoff: BackoffOptions = { type: 'exponential' }

/** An integer from 0 to the cap, whatever the attempt and whatever a function answers. */
export function backoffMs(backoff: Backoff, attempt: number, error: unknown, random: Random): number {
  if (typeof backoff === 'function') return between(backoff(attempt, error), longestMs)
  const { delayMs = 1_000, maxMs = hourMs, jitter = 'full' } = backoff
  const delay = between(delayMs * growth(backoff, attempt), maxMs)
  return Math.round(jitter === 'full' ? delay * random() : delay)
}

function growth({ type, factor = 2 }: BackoffOptions, attempt: number): number {
  if (type === 'linear') return attempt
  return type === 'exponential' ? factor ** Math.min(attempt - 1, 1_000) : 1
}

function between(ms: number, cap: number): number {
  return Math.floor(Math.min(nearestMs(ms), cap))
}

/** @throws {OptionsError} for a duration that is negative or above a hundred years, or a factor below 1. */
export function checkBackoff(option: string, backoff: Backoff): void {
  if (typeof backoff === 'function') return
  const { delayMs = 1_000, maxMs = hourMs, factor = 2 } = backoff
  checkMs(`${option}.delayMs`, delayMs)
  checkMs(`${option}.maxMs`, maxMs)
  if (!(factor >= 1)) throw new OptionsError(`${option}.factor`, `must be at least 1, not ${factor}`)
}
