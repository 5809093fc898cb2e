import type { GateRules } from '../options.js'
import { probed } from './breaker.js'
import { type ClosedBecause, closing, stretchNow } from './closings.js'
import { ratesNow } from './learned.js'
import { type GateState, onItsClock, shownRules } from './state.js'
import { counted } from './window.js'

export type Taken =
  /** The call may start at `at`, from `now` to `now + withinMs`. Counted in `state`, whether or not it is made. */
  | { readonly permit: true; readonly at: number; readonly state: GateState }
  | {
      readonly permit: false
      readonly waitMs: number
      readonly because: ClosedBecause
      readonly state: GateState
    }

/**
 * Asks for one call. Permits follow each other: nobody who asks later starts earlier. `state` is the same object
 * where nothing changes.
 *
 * @param withinMs How far ahead a permit may lie: from 0 to `longestWaitInPlaceMs`.
 */
export function take(stored: GateState, rules: GateRules, now: number, withinMs: number): Taken {
  const { state, time } = onItsClock(stored, now)
  const closed = closing(state, rules, time)
  const at = Math.ceil(Math.max(time, closed?.until ?? 0))
  if (closed && at > now + withinMs)
    return { permit: false, waitMs: Math.ceil(closed.askAt - now), because: closed.because, state }
  return { permit: true, at, state: permitted(state, rules, at, time) }
}

/** The same object for a gate that has nothing to count. */
function permitted(state: GateState, rules: GateRules, at: number, now: number): GateState {
  const { spacingMs, pauseAfter, breaker } = rules
  const rates = ratesNow(rules.rates, state.learned, now)
  const counts = rates.length > 0 || spacingMs > 0 || pauseAfter || state.windows.length > 0
  if (!counts && state.breaker.openUntil === null && state.at > 0) return state
  return {
    ...state,
    at: now,
    windows: counted(state.windows, rates, { at, now, stretch: stretchNow(state, rules, now) }),
    last: at,
    run: isAfterGap(state, rules, at) ? 1 : state.run + 1,
    breaker: breaker ? probed(state.breaker, breaker, at) : state.breaker,
    rules: shownRules(rules),
  }
}

function isAfterGap({ last }: GateState, { pauseAfter }: GateRules, at: number): boolean {
  return last === null || at - last >= (pauseAfter?.pauseMs ?? 0)
}
