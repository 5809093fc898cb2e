import type { Rate } from '../options.js'
import { breakerOpensAt } from './breaker.js'
import { ratesNow } from './learned.js'
import { shareAt } from './pace.js'
import type { GateState, ShownRules } from './state.js'
import { roomAt, stampsOf } from './window.js'

/**
 * Why a gate is closed. `too_many_requests`: an answer said so. `no_quota_left`: a header said so. `breaker`: the
 * other side is down. `pause_after`, `window`, `spacing`: calls were made as fast as is allowed.
 */
export type ClosedBecause =
  | 'paused'
  | 'too_many_requests'
  | 'no_quota_left'
  | 'breaker'
  | 'pause_after'
  | 'window'
  | 'spacing'

export interface Closing {
  readonly because: ClosedBecause
  /** From then on it holds nothing against a call. */
  readonly until: number
  /** When to ask again, where that is sooner. */
  readonly askAt: number
}

/** The rules that a call has to pass. */
export type Limits = ShownRules & { readonly rates: readonly Rate[] }

const leastPauseMs = 1_000
const mostPauseMs = 60_000

/** What shuts the gate whatever the pace of calls; `undefined` when nothing ever did. */
export function shut(state: GateState, rules: Limits, now: number): Closing | undefined {
  return later(later(pausing(state, now), answered(state)), broken(state, rules, now))
}

/** Whether a call that was let through for `at` should not be made after all, for the gate shut since. */
export function isCalledOff(
  { pausedAt, closed, breaker }: GateState,
  rules: ShownRules,
  at: number,
): boolean {
  const brokenUntil = rules.breaker ? (breaker.openUntil ?? 0) : 0
  return pausedAt !== null || Math.max(closed?.until ?? 0, brokenUntil) > at
}

/** What keeps the next call waiting the longest; `undefined` when nothing ever did. */
export function closing(state: GateState, rules: Limits, now: number): Closing | undefined {
  return later(shut(state, rules, now), busy(state, rules, now))
}

/** By how much windows and spacing are longer than configured. */
export function stretchNow({ pace }: GateState, { slowAfterBlocked }: ShownRules, now: number): number {
  return 1 / shareAt(pace, slowAfterBlocked, now)
}

/** Nobody knows how long a pause lasts: it is asked for again after as long as it has lasted, at most a minute. */
function pausing({ pausedAt }: GateState, now: number): Closing | undefined {
  if (pausedAt === null) return undefined
  const askInMs = Math.min(Math.max(now - pausedAt, leastPauseMs), mostPauseMs)
  return { because: 'paused', until: Number.POSITIVE_INFINITY, askAt: now + askInMs }
}

function answered({ closed }: GateState): Closing | undefined {
  return closed ? ends(closed.because, closed.until) : undefined
}

/** The verdict on a call that tries mostly comes long before that call is given up. */
function broken({ breaker }: GateState, rules: Limits, now: number): Closing | undefined {
  if (!rules.breaker || breaker.openUntil === null) return undefined
  const until = breakerOpensAt(breaker, rules.breaker)
  const verdictAt = breaker.openUntil > now ? until : now + rules.breaker.recoveryMs / 10
  return { because: 'breaker', until, askAt: Math.min(until, verdictAt) }
}

function busy(state: GateState, rules: Limits, now: number): Closing | undefined {
  if (state.last === null) return undefined
  const stretch = stretchNow(state, rules, now)
  const windows = ratesNow(rules.rates, state.learned, now).map(({ limit, perMs }) =>
    ends('window', roomAt(stampsOf(state.windows, perMs), limit, perMs * stretch)),
  )
  const spaced = ends('spacing', state.last + rules.spacingMs * stretch)
  return later(windows.reduce(later, resting(state, rules)), spaced)
}

function resting({ run, last }: GateState, { pauseAfter }: Limits): Closing | undefined {
  return pauseAfter && run >= pauseAfter.calls
    ? ends('pause_after', (last ?? 0) + pauseAfter.pauseMs)
    : undefined
}

function ends(because: ClosedBecause, until: number): Closing {
  return { because, until, askAt: until }
}

/** Of two that end together the first. */
function later(one: Closing | undefined, other: Closing | undefined): Closing | undefined {
  return one && (!other || one.until >= other.until) ? one : other
}
