import type { SlowRules } from '../options.js'

/**
 * What "too many requests" left of the rate: `share` of it at `since`, and more from then on. It is a function of
 * time, so that coming back costs no write.
 */
export interface Pace {
  readonly share: number
  readonly since: number
}

/** Refusals that come within so long belong to one burst, and slow the gate down once. */
const burstMs = 1_000

/** The share of the configured rate that is allowed now: above 0, at most 1. It grows by a step at a time. */
export function shareAt(pace: Pace | null, rules: SlowRules | null, now: number): number {
  if (!pace || !rules) return 1
  const steps = Math.max(0, Math.floor((now - pace.since) / rules.everyMs))
  return Math.min(1, pace.share + steps * rules.step)
}

/** "Too many requests" came in, and the gate is closed until `opensAt`. The same object where nothing changes. */
export function slowed(
  pace: Pace | null,
  rules: SlowRules | null,
  now: number,
  opensAt: number,
): Pace | null {
  if (!rules) return pace
  if (pace && now < pace.since) return opensAt > pace.since ? { ...pace, since: opensAt } : pace
  const share = Math.max(rules.least, shareAt(pace, rules, now) * rules.factor)
  return { share, since: Math.max(opensAt, now + burstMs) }
}
