import { type BreakerState, breakerOpensAt, closedBreaker, judged, probed } from './breaker.js'
import type { GateOutcome } from './gate.js'
import { type GateRules, longestWaitInPlaceMs } from './options.js'
import { onGrid, roomAt, type Stamp, stamped } from './window.js'

/** All that a gate remembers: JSON, of bounded size. Instants are epoch milliseconds. */
export interface GateState {
  /** Per window length (`perMs`): the permits that may still count. */
  readonly stamps: Readonly<Record<string, readonly Stamp[]>>
  /** The newest permit; it may lie ahead. */
  readonly last: number | null
  /** Permits since the last gap of `pauseAfter.pauseMs`. */
  readonly run: number
  readonly blockedUntil: number
  /** When the full rate is back. */
  readonly slowUntil: number
  readonly breaker: BreakerState
}

export const freshGate: GateState = {
  stamps: {},
  last: null,
  run: 0,
  blockedUntil: 0,
  slowUntil: 0,
  breaker: closedBreaker,
}

export type Taken =
  /** The call may start at `at`, from `now` to `now + withinMs`. Counted in `state`, whether or not it is made. */
  | { readonly permit: true; readonly at: number; readonly state: GateState }
  | { readonly permit: false; readonly waitMs: number }

/**
 * Asks for one call. Permits follow each other: nobody who asks later starts earlier.
 *
 * @param withinMs How far ahead a permit may lie: from 0 to `longestWaitInPlaceMs`.
 */
export function take(stored: GateState, rules: GateRules, now: number, withinMs: number): Taken {
  const state = tamed(stored, rules, now)
  const at = Math.ceil(Math.max(now, ...opensAt(state, rules, now)))
  if (at > now + withinMs) return { permit: false, waitMs: Math.ceil(at - now) }
  return { permit: true, at, state: permitted(state, rules, at, now) }
}

/** Takes in how a call ended. The same object where nothing changes. */
export function report(state: GateState, rules: GateRules, outcome: GateOutcome, now: number): GateState {
  const breaker = rules.breaker ? judged(state.breaker, rules.breaker, outcome.kind, now) : state.breaker
  const next = breaker === state.breaker ? state : { ...state, breaker }
  return outcome.kind === 'throttled' ? blocked(next, rules, outcome.retryAfterMs, now) : next
}

function blocked(state: GateState, rules: GateRules, retryAfterMs: number | null, now: number): GateState {
  const asked = retryAfterMs !== null && retryAfterMs >= 0 ? retryAfterMs : rules.blockedMs
  const until = Math.ceil(now + Math.min(asked, rules.blockedMaxMs))
  const blockedUntil = Math.max(state.blockedUntil, until)
  const slowUntil = rules.slowAfterBlocked ? blockedUntil + rules.slowAfterBlocked.forMs : 0
  const same = blockedUntil === state.blockedUntil && slowUntil === state.slowUntil
  return same ? state : { ...state, blockedUntil, slowUntil }
}

/** What each rule says for itself: from then on it holds nothing against a call. */
function opensAt(state: GateState, rules: GateRules, now: number): number[] {
  const stretch = slowness(state, rules, now)
  const last = state.last ?? Number.NEGATIVE_INFINITY
  return [
    state.blockedUntil,
    last + rules.spacingMs * stretch,
    rules.pauseAfter && state.run >= rules.pauseAfter.calls ? last + rules.pauseAfter.pauseMs : 0,
    rules.breaker ? breakerOpensAt(state.breaker, rules.breaker) : 0,
    ...rules.rates.map(({ limit, perMs }) => roomAt(state.stamps[perMs] ?? [], limit, perMs * stretch)),
  ]
}

/** By how much windows and spacing stretch, while the rate comes back evenly from `factor` to all of it. */
function slowness({ slowUntil }: GateState, { slowAfterBlocked: slow }: GateRules, now: number): number {
  if (!slow || slowUntil <= now) return 1
  const left = Math.min(1, (slowUntil - now) / slow.forMs)
  return 1 / (1 - (1 - slow.factor) * left)
}

function permitted(state: GateState, rules: GateRules, at: number, now: number): GateState {
  const stretch = slowness(state, rules, now)
  const stamps = rules.rates.map(rate => {
    const counted = (state.stamps[rate.perMs] ?? []).filter(
      ([instant]) => instant > now - rate.perMs * stretch,
    )
    return [rate.perMs, stamped(counted, rate, at)]
  })
  const pauseMs = rules.pauseAfter?.pauseMs ?? 0
  const afterGap = state.last === null || at - state.last >= pauseMs
  return {
    ...state,
    stamps: Object.fromEntries(stamps),
    last: at,
    run: afterGap ? 1 : state.run + 1,
    breaker: rules.breaker ? probed(state.breaker, rules.breaker, at) : state.breaker,
  }
}

/**
 * A store's clock may step back. Nothing is then believed to lie further ahead than it can have been set, so that
 * the gate neither stays closed for the length of the step nor gives too much.
 */
function tamed(state: GateState, rules: GateRules, now: number): GateState {
  const horizon = now + longestWaitInPlaceMs
  const { openUntil, probes } = state.breaker
  const stamps = rules.rates.map(rate => {
    const latest = onGrid(rate, horizon)
    const known = state.stamps[rate.perMs] ?? []
    return [rate.perMs, known.map(([at, count]): Stamp => [Math.min(at, latest), count])]
  })
  return {
    ...state,
    stamps: Object.fromEntries(stamps),
    last: state.last === null ? null : Math.min(state.last, horizon),
    blockedUntil: Math.min(state.blockedUntil, now + rules.blockedMaxMs),
    slowUntil: Math.min(state.slowUntil, now + rules.blockedMaxMs + (rules.slowAfterBlocked?.forMs ?? 0)),
    breaker: {
      ...state.breaker,
      openUntil: openUntil === null ? null : Math.min(openUntil, now + (rules.breaker?.recoveryMs ?? 0)),
      probes: probes.map(at => Math.min(at, horizon)),
    },
  }
}
