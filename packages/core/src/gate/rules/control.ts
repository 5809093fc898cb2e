import { freshGate, type GateState, onItsClock } from './state.js'

/** What a person does to a gate. The same object where nothing changes. */

export function paused(stored: GateState, now: number): GateState {
  const { state, time } = onItsClock(stored, now)
  return state.pausedAt === null ? { ...state, at: time, pausedAt: time } : state
}

export function resumed(stored: GateState, now: number): GateState {
  const { state, time } = onItsClock(stored, now)
  return state.pausedAt === null ? state : { ...state, at: time, pausedAt: null }
}

/** As if it were new, but a pause stays. Its windows are known, and empty. */
export function forgotten(stored: GateState, now: number): GateState {
  const { state, time } = onItsClock(stored, now)
  const windows = state.windows.map(window => ({ ...window, stamps: [] }))
  return { ...freshGate, at: time, windows, pausedAt: state.pausedAt, rules: state.rules }
}
