import type { Clock } from '@longhaul/core'

/** How the fake refuses: a bucket of calls that refills, and a penalty once it is found empty. */
export interface RateModel {
  readonly burst: number
  readonly refillMs: number
  /** For so long after the first refusal every call is refused. */
  readonly penaltyMs: number
  /** Seconds or any text for the header. @defaultValue 'none' */
  readonly retryAfter?: number | string
}

/** What is observed of Workiz: about 29 calls in a row, then nothing for 15 seconds. */
export const workizRate: RateModel = { burst: 29, refillMs: 700, penaltyMs: 15_000 }

/** The same wall, a hundred times faster: for demos. */
export const fastRate: RateModel = { burst: 29, refillMs: 7, penaltyMs: 150 }

/** Answers for each call whether it may pass. */
export function rateLimiter({ burst, refillMs, penaltyMs }: RateModel, clock: Clock): () => boolean {
  let tokens = burst
  let refilledAt = clock.now()
  let blockedUntil = Number.NEGATIVE_INFINITY

  return () => {
    const now = clock.now()
    tokens = Math.min(burst, tokens + (now - refilledAt) / refillMs)
    refilledAt = now
    const blocked = now < blockedUntil
    if (!blocked && tokens < 1) blockedUntil = now + penaltyMs
    if (blocked || tokens < 1) return false
    tokens -= 1
    return true
  }
}
