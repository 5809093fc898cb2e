import type { Random } from '../clock.js'

export interface Backoff {
  /** The longest wait after the first failure. */
  readonly baseMs: number
  /** The longest wait after any failure. */
  readonly maxMs: number
}

/**
 * A whole number from 0 to `min(maxMs, baseMs × 2^failures)`, at random, so that what failed together does not
 * come back together ("full jitter", Brooker, AWS Architecture Blog 2015).
 *
 * @param failures Those before this one, from 0.
 */
export function fullJitter(failures: number, { baseMs, maxMs }: Backoff, random: Random): number {
  const mostMs = Math.min(maxMs, baseMs * 2 ** Math.min(failures, 52))
  return Math.floor(random() * (mostMs + 1))
}
