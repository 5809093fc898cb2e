import type { RateLimit } from './answer/rate-limits.js'

/**
 * How a call ended, as a gate sees it. `ok`: the other side is well, whatever it answered. `failed`: it is not.
 * `throttled`: it asked to come back later, if it said so, after `retryAfterMs`. `unknown`: nobody can tell.
 * `limits` is what its headers told.
 */
export type GateOutcome = { readonly limits?: readonly RateLimit[] } & (
  | { readonly kind: 'ok' | 'failed' | 'unknown' }
  | { readonly kind: 'throttled'; readonly retryAfterMs: number | null }
)
