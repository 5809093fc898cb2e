import { OptionsError } from './errors.js'

/** The longest that anything waits, a hundred years: from any clock that is right, it ends at an instant that a Date can hold. */
export const longestMs = 3_153_600_000_000
/** 9999-12-31T23:59:59.999Z: later ones have no year of four digits. */
const lastInstant = 253_402_300_799_999

/** @throws {OptionsError} unless it is from `leastMs` to a hundred years. */
export function checkMs(option: string, ms: unknown, leastMs = 0): void {
  if (isWithin(ms, leastMs, longestMs)) return
  throw new OptionsError(
    option,
    `must be from ${leastMs} to ${longestMs} milliseconds, a hundred years, not ${String(ms)}`,
  )
}

/** For what another side said, or arithmetic gave: the nearest wait there is. Pure. */
export function nearestMs(ms: number): number {
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), longestMs)
}

/** Whether it is an instant, in epoch milliseconds, from 1970 to 9999. */
export function isInstant(instant: unknown): boolean {
  return isWithin(instant, 0, lastInstant)
}

/** In ISO 8601. What is beyond the last instant is shown as that: one such job must not keep a list from being read. */
export function iso(instant: number): string {
  return new Date(Math.min(instant, lastInstant)).toISOString()
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most
}
