import { type Eta, ranged } from './eta.js'

/** How far many pieces of work are, as one. */
export interface Shares {
  readonly total: number
  readonly ended: number
  /** Of those under way that know how far they are: each from 0 to 1. */
  readonly underWay: readonly number[]
}

const leastEnded = 3
const leastMs = 1_000

/** From 0 to 1: each piece counts the same. */
export function shareOf({ total, ended, underWay }: Shares): number {
  if (total === 0) return 1
  return Math.min(1, (ended + underWay.reduce((sum, share) => sum + share, 0)) / total)
}

/**
 * How long the rest takes if it goes on as fast as so far. The range is that of independent pieces whose times spread
 * as widely as they last: the pace was measured over as many as ended, and the rest is a sum of as many as are left, so
 * the relative variance is 1 / ended + 1 / left.
 */
export function estimateShare(shares: Shares, elapsedMs: number): Eta | null {
  const { total, ended } = shares
  if (ended >= total) return { remainingMs: 0, lowMs: 0, highMs: 0 }
  if (ended < leastEnded || elapsedMs < leastMs) return null
  const share = shareOf(shares)
  const restMs = (elapsedMs * (1 - share)) / share
  return ranged(restMs, restMs * Math.sqrt(1 / ended + 1 / (total - ended)))
}
