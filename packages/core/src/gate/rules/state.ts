import { type GateRules, longestWaitInPlaceMs } from '../options.js'
import { type BreakerState, closedBreaker } from './breaker.js'
import type { Learned } from './learned.js'
import type { Pace } from './pace.js'
import type { Window } from './window.js'

/** All that a gate remembers: JSON, of bounded size. Instants are epoch milliseconds. */
export interface GateState {
  /** When it was last written. */
  readonly at: number
  readonly windows: readonly Window[]
  /** The newest permit; it may lie ahead. */
  readonly last: number | null
  /** Permits since the last gap of `pauseAfter.pauseMs`. */
  readonly run: number
  /** What an answer asked for. */
  readonly closed: Closed | null
  readonly pace: Pace | null
  readonly learned: readonly Learned[]
  readonly breaker: BreakerState
  /** Since when a person holds it. */
  readonly pausedAt: number | null
  /** Of whoever asked last, for those who only look. */
  readonly rules: ShownRules
}

export interface Closed {
  readonly until: number
  readonly because: 'too_many_requests' | 'no_quota_left'
}

/** The rules beside the windows. */
export type ShownRules = Pick<GateRules, 'spacingMs' | 'pauseAfter' | 'breaker' | 'slowAfterBlocked'>

export const freshGate: GateState = {
  at: 0,
  windows: [],
  last: null,
  run: 0,
  closed: null,
  pace: null,
  learned: [],
  breaker: closedBreaker,
  pausedAt: null,
  rules: { spacingMs: 0, pauseAfter: null, breaker: null, slowAfterBlocked: null },
}

export function shownRules({ spacingMs, pauseAfter, breaker, slowAfterBlocked }: GateRules): ShownRules {
  return { spacingMs, pauseAfter, breaker, slowAfterBlocked }
}

/** A step back by more is taken for a clock that was set. */
const mostStandstillMs = longestWaitInPlaceMs

/**
 * The state, and the gate's own time. A store's clock may step back, or be several that differ a little: the time of
 * a gate then stands still until the clock has caught up, so that no window is forgotten. After a long step
 * everything moves back with the clock, as if no time had passed.
 */
export function onItsClock(stored: GateState, now: number): { state: GateState; time: number } {
  const behind = stored.at - now
  if (behind <= mostStandstillMs) return { state: stored, time: Math.max(now, stored.at) }
  return { state: movedBack(stored, behind), time: now }
}

function movedBack(state: GateState, by: number): GateState {
  const { windows, last, closed, pace, learned, breaker, pausedAt } = state
  const back = (at: number | null) => (at === null ? null : at - by)
  return {
    ...state,
    at: state.at - by,
    windows: windows.map(({ stamps, ...window }) => ({
      ...window,
      until: window.until - by,
      stamps: stamps.map(([at, count]) => [at - by, count] as const),
    })),
    last: back(last),
    closed: closed && { ...closed, until: closed.until - by },
    pace: pace && { ...pace, since: pace.since - by },
    learned: learned.map(limit => ({ ...limit, until: limit.until - by })),
    breaker: { ...breaker, openUntil: back(breaker.openUntil), probes: breaker.probes.map(at => at - by) },
    pausedAt: back(pausedAt),
  }
}
