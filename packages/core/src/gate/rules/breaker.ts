import type { BreakerRules } from '../options.js'
import type { GateOutcome } from '../outcome.js'

/**
 * Closed while `openUntil` is `null`; open up to that instant; after it half open, until an answer decides.
 * `probes` are the instants at which the last calls were let through half open.
 */
export interface BreakerState {
  readonly failures: number
  readonly openUntil: number | null
  readonly probes: readonly number[]
}

export const closedBreaker: BreakerState = { failures: 0, openUntil: null, probes: [] }

/** When the breaker lets the next call through. A probe that says nothing is given up after `probeMs`. */
export function breakerOpensAt({ openUntil, probes }: BreakerState, rules: BreakerRules): number {
  if (openUntil === null) return 0
  const oldest = probes.at(-rules.halfOpenMax)
  return oldest === undefined ? openUntil : Math.max(openUntil, oldest + rules.probeMs)
}

export function probed(state: BreakerState, { halfOpenMax }: BreakerRules, at: number): BreakerState {
  return state.openUntil === null ? state : { ...state, probes: [...state.probes, at].slice(-halfOpenMax) }
}

/** The same object where nothing changes. Answers to calls from before the breaker opened decide nothing. */
export function judged(
  state: BreakerState,
  rules: BreakerRules,
  kind: GateOutcome['kind'],
  now: number,
): BreakerState {
  if (state.openUntil === null) return whileClosed(state, rules, kind, now)
  if (now < state.openUntil) return state
  if (kind === 'ok') return closedBreaker
  return kind === 'failed' ? opened(rules, now) : withoutVerdict(state)
}

function whileClosed(state: BreakerState, rules: BreakerRules, kind: GateOutcome['kind'], now: number) {
  if (kind === 'ok') return state.failures === 0 ? state : closedBreaker
  if (kind !== 'failed') return state
  const failures = state.failures + 1
  return failures >= rules.failureThreshold ? opened(rules, now) : { ...state, failures }
}

function opened({ recoveryMs, failureThreshold }: BreakerRules, now: number): BreakerState {
  return { failures: failureThreshold, openUntil: now + recoveryMs, probes: [] }
}

/** A probe came back that tells nothing: its place is free. It was one of these; to forget the oldest errs towards waiting. */
function withoutVerdict(state: BreakerState): BreakerState {
  return state.probes.length === 0 ? state : { ...state, probes: state.probes.slice(1) }
}
