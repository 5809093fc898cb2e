import type { Rate } from '../options.js'

/** How many permits were given at an instant, epoch milliseconds. */
export type Stamp = readonly [at: number, count: number]

/** One window and the permits that may still count in it. */
export interface Window extends Rate {
  /** Up to then somebody keeps to it, even if nobody asks again. */
  readonly until: number
  /** In order. */
  readonly stamps: readonly Stamp[]
}

/** A permit that is to be counted: given at `now`, for `at`. `stretch` makes windows longer than they are, from 1. */
export interface Permit {
  readonly at: number
  readonly now: number
  readonly stretch: number
}

/** The most stamps that a window needs. Permits of a larger limit share stamps on a grid. */
const mostStamps = 64
/** A gate has up to 8 windows, and learns as many; those of workers with other windows are counted too. */
const mostWindows = 24

/**
 * When the window has room for one more. Stamps are in order, and a permit never comes before the last one, so
 * it is enough to look back.
 */
export function roomAt(stamps: readonly Stamp[], limit: number, perMs: number): number {
  let counted = stamps.reduce((sum, [, count]) => sum + count, 0)
  let room = 0
  for (const [at, count] of stamps) {
    if (counted < limit) break
    counted -= count
    room = at + perMs
  }
  return room
}

export function stampsOf(windows: readonly Window[], perMs: number): readonly Stamp[] {
  return windows.find(window => window.perMs === perMs)?.stamps ?? []
}

/**
 * Counts a permit in each window of `rates`, and in those that workers with other rates still keep: while both run,
 * each of them counts all calls.
 */
export function counted(windows: readonly Window[], rates: readonly Rate[], permit: Permit): Window[] {
  const mine = rates.map(rate => ({
    limit: rate.limit,
    perMs: rate.perMs,
    until: permit.at + rate.perMs,
    stamps: withPermit(stampsOf(windows, rate.perMs), rate, permit),
  }))
  const others = windows
    .filter(({ perMs, until }) => until > permit.now && !rates.some(rate => rate.perMs === perMs))
    .map(window => ({ ...window, stamps: withPermit(window.stamps, window, permit) }))
  return mine.concat(others).slice(0, mostWindows)
}

/** A stamp is never earlier than its permit, so that a shared one can only err towards waiting. */
function withPermit(stamps: readonly Stamp[], { limit, perMs }: Rate, { at, now, stretch }: Permit): Stamp[] {
  const instant = onGrid(limit, perMs * stretch, at)
  const counting = alive(stamps, now - perMs * stretch)
  const last = counting.at(-1)
  if (!last || last[0] < instant) counting.push([instant, 1])
  else counting[counting.length - 1] = [last[0], last[1] + 1]
  return counting
}

/** Those after `since`: a fresh list. */
export function alive(stamps: readonly Stamp[], since: number): Stamp[] {
  const first = stamps.findIndex(([at]) => at > since)
  return first === -1 ? [] : stamps.slice(first)
}

function onGrid(limit: number, perMs: number, at: number): number {
  const grid = limit <= mostStamps ? 1 : Math.ceil(perMs / mostStamps)
  return Math.ceil(at / grid) * grid
}
