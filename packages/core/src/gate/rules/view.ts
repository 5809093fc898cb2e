import type { Rate } from '../options.js'
import type { BreakerState } from './breaker.js'
import { type ClosedBecause, closing, type Limits, stretchNow } from './closings.js'
import { type Learned, ratesNow } from './learned.js'
import { shareAt } from './pace.js'
import { type GateState, onItsClock } from './state.js'
import { alive, roomAt, type Stamp, stampsOf } from './window.js'

/** A gate as it is shown: JSON. Instants are ISO 8601 in UTC, by the store's clock. */
export interface GateView {
  /** Who is limited. */
  readonly key: string
  /** `open`: a call may be made now. `paused`: by a person, until it is resumed. */
  readonly state: 'open' | 'closed' | 'paused'
  /** Why no call may be made now; `null` while it is open. */
  readonly because: ClosedBecause | null
  /** When the next call may be made. `null` while it is open, and while it is paused, for nobody knows. */
  readonly opensAt: string | null
  /** One for each rate, those that were learned among them. */
  readonly windows: readonly GateWindowView[]
  /** Whether calls are held back because the other side fails. */
  readonly breaker: GateBreakerView
  /** The share of its rate that is allowed, above 0 and at most 1: less for a while after "too many requests". */
  readonly pace: number
  /** Limits that answers told of and that are lower than configured. */
  readonly learned: readonly GateLearnedView[]
  /** Since when a person has paused it; `null` when nobody has. */
  readonly pausedAt: string | null
  /** The latest call that was let through; up to `waitInPlaceMs` ahead. */
  readonly lastCallAt: string | null
  /** When this was so. */
  readonly seenAt: string
}

/** A limit as it stands: the rate that is kept to, and what is used of it. */
export interface GateWindowView extends Rate {
  readonly used: number
  /** When there is room for one more; `null` while there is. */
  readonly freesAt: string | null
}

/** A breaker as it stands; always `closed` where a gate has none. */
export interface GateBreakerView {
  /** `half_open`: as many calls as `halfOpenMax` says may try, and the first answer decides. */
  readonly state: 'closed' | 'open' | 'half_open'
  /** In a row. */
  readonly failures: number
  /** When calls may try again; `null` while it is closed. */
  readonly halfOpensAt: string | null
}

/** A limit that an answer told of. */
export interface GateLearnedView extends Rate {
  /** The gate keeps to it until then. */
  readonly until: string
}

/** Pure: what a state says at an instant. */
export function viewGate(key: string, stored: GateState, now: number): GateView {
  const { state, time } = onItsClock(stored, now)
  const { closed, because } = stateNow(state, time)
  return {
    key,
    state: because === 'paused' ? because : because ? 'closed' : 'open',
    because,
    opensAt: closed && because !== 'paused' ? iso(closed.until) : null,
    windows: ratesNow(state.windows, state.learned, time).map(rate => viewWindow(rate, state, time)),
    breaker: viewBreaker(state.breaker, time),
    pace: shareAt(state.pace, state.rules.slowAfterBlocked, time),
    learned: liveLearned(state, time).map(viewLearned),
    pausedAt: isoOrNull(state.pausedAt),
    lastCallAt: isoOrNull(state.last),
    seenAt: iso(time),
  }
}

function stateNow(state: GateState, now: number) {
  const latest = closing(state, limitsOf(state), now)
  const closed = latest && latest.until > now ? latest : null
  return { closed, because: closed?.because ?? null }
}

function viewWindow({ limit, perMs }: Rate, state: GateState, now: number): GateWindowView {
  const stretched = perMs * stretchNow(state, state.rules, now)
  const stamps = stampsOf(state.windows, perMs)
  const room = roomAt(stamps, limit, stretched)
  return { limit, perMs, used: countIn(stamps, now - stretched), freesAt: room > now ? iso(room) : null }
}

function viewBreaker({ failures, openUntil }: BreakerState, now: number): GateBreakerView {
  if (openUntil === null) return { state: 'closed', failures, halfOpensAt: null }
  return { state: openUntil > now ? 'open' : 'half_open', failures, halfOpensAt: iso(openUntil) }
}

function viewLearned({ limit, perMs, until }: Learned): GateLearnedView {
  return { limit, perMs, until: iso(until) }
}

/** Whether it remembers nothing that a new gate would not know, so that it may be forgotten. */
export function isAtRest(stored: GateState, now: number): boolean {
  const { state, time } = onItsClock(stored, now)
  const { breaker, last, windows, rules } = state
  const stretch = stretchNow(state, rules, time)
  const rested = (last ?? 0) + (rules.pauseAfter?.pauseMs ?? 0) <= time && stretch === 1
  const well = breaker.openUntil === null && breaker.failures === 0 && liveLearned(state, time).length === 0
  const empty = windows.every(({ perMs, stamps }) => countIn(stamps, time - perMs) === 0)
  return rested && well && empty && stateNow(state, time).closed === null
}

/** What whoever asked last goes by. */
function limitsOf({ rules, windows }: GateState): Limits {
  return { ...rules, rates: windows }
}

function liveLearned({ learned }: GateState, now: number): readonly Learned[] {
  return learned.filter(({ until }) => until > now)
}

function countIn(stamps: readonly Stamp[], since: number): number {
  return alive(stamps, since).reduce((sum, [, count]) => sum + count, 0)
}

function isoOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : iso(epochMs)
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
