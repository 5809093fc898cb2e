import type { Rate } from './options.js'

/** How many permits were given at an instant, epoch milliseconds. */
export type Stamp = readonly [at: number, count: number]

/** The most stamps that a window needs. Permits of a larger limit share stamps on a grid. */
const mostStamps = 64

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

/** Adds a permit. Its stamp is never earlier than the permit, so that a shared stamp can only err towards waiting. */
export function stamped(stamps: readonly Stamp[], rate: Rate, at: number): Stamp[] {
  const instant = onGrid(rate, at)
  const last = stamps.at(-1)
  return last && last[0] >= instant
    ? [...stamps.slice(0, -1), [last[0], last[1] + 1]]
    : [...stamps, [instant, 1]]
}

export function onGrid({ limit, perMs }: Rate, at: number): number {
  const grid = limit <= mostStamps ? 1 : Math.ceil(perMs / mostStamps)
  return Math.ceil(at / grid) * grid
}
