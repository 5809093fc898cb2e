import { exhaustedForMs } from '../answer/rate-limits.js'
import type { GateRules } from '../options.js'
import type { GateOutcome } from '../outcome.js'
import { judged } from './breaker.js'
import { learnt } from './learned.js'
import { slowed } from './pace.js'
import { type Closed, type GateState, onItsClock, shownRules } from './state.js'

/** Takes in how a call ended. The same object where nothing changes. */
export function report(stored: GateState, rules: GateRules, outcome: GateOutcome, now: number): GateState {
  const { state, time } = onItsClock(stored, now)
  const next = blocked(
    withLimits(withVerdict(state, rules, outcome, time), rules, outcome, time),
    rules,
    outcome,
    time,
  )
  return next === state ? state : { ...next, at: time, rules: shownRules(rules) }
}

function withVerdict(state: GateState, rules: GateRules, { kind }: GateOutcome, now: number): GateState {
  if (!rules.breaker) return state
  const breaker = judged(state.breaker, rules.breaker, kind, now)
  return breaker === state.breaker ? state : { ...state, breaker }
}

/** What the headers told. A `Retry-After` beside them has the last word on when to come back. */
function withLimits(state: GateState, rules: GateRules, outcome: GateOutcome, now: number): GateState {
  const { limits = [] } = outcome
  if (limits.length === 0 || rules.learnedForMs === 0) return state
  const learned = learnt(state.learned, rules, limits, now)
  const next = learned === state.learned ? state : { ...state, learned }
  if (outcome.kind === 'throttled' && outcome.retryAfterMs !== null) return next
  const waitMs = exhaustedForMs(limits)
  return waitMs === null ? next : closedUntil(next, rules, now, waitMs, 'no_quota_left')
}

function blocked(state: GateState, rules: GateRules, outcome: GateOutcome, now: number): GateState {
  if (outcome.kind !== 'throttled') return state
  const { retryAfterMs } = outcome
  const askedMs = retryAfterMs !== null && retryAfterMs >= 0 ? retryAfterMs : rules.blockedMs
  const next = closedUntil(state, rules, now, askedMs, 'too_many_requests')
  const pace = slowed(next.pace, rules.slowAfterBlocked, now, next.closed?.until ?? now)
  return pace === next.pace ? next : { ...next, pace }
}

/** A shorter wait takes nothing back from a longer one. */
function closedUntil(
  state: GateState,
  { blockedMaxMs }: GateRules,
  now: number,
  waitMs: number,
  because: Closed['because'],
): GateState {
  const until = Math.ceil(now + Math.min(waitMs, blockedMaxMs))
  return state.closed && state.closed.until >= until ? state : { ...state, closed: { until, because } }
}
