import { gateRules } from '../../../src/gate/gate-rules.js'
import type { GateOutcome } from '../../../src/gate/index.js'
import type { GateOptions } from '../../../src/gate/options.js'
import { report } from '../../../src/gate/rules/report.js'
import { freshGate, type GateState } from '../../../src/gate/rules/state.js'
import { take } from '../../../src/gate/rules/take.js'
import { type GateView, viewGate } from '../../../src/gate/rules/view.js'

export const second = 1_000
export const minute = 60 * second
export const start = Date.UTC(2026, 0, 1)

/** A gate in virtual time. */
export function setup(options: Partial<GateOptions> = {}) {
  const rules = gateRules({ key: 'test', ...options })
  let state: GateState = freshGate
  let now = start
  const keep = (next: GateState) => {
    state = next
  }

  return {
    /** The instant of the permit since the start, or how long to wait as text. */
    take(withinMs = rules.waitInPlaceMs): number | string {
      const taken = take(state, rules, now, withinMs)
      keep(taken.state)
      return taken.permit ? taken.at - start : `in ${taken.waitMs}`
    },
    report: (kind: 'ok' | 'failed' | 'unknown') => keep(report(state, rules, { kind }, now)),
    throttled: (retryAfterMs: number | null) =>
      keep(report(state, rules, { kind: 'throttled', retryAfterMs }, now)),
    tell: (outcome: GateOutcome) => keep(report(state, rules, outcome, now)),
    change: (edit: (state: GateState, now: number) => GateState) => keep(edit(state, now)),
    wait(ms: number) {
      now += ms
    },
    now: () => now,
    state: () => state,
    view: (): GateView => viewGate('test', state, now),
  }
}

export type VirtualGate = ReturnType<typeof setup>

/** Asks until refused, at each of these instants. */
export function permitsOf(gate: VirtualGate, waits: readonly number[], mostAtOnce = 20): number[] {
  return waits.flatMap(ms => {
    gate.wait(ms)
    const permits: number[] = []
    for (let left = mostAtOnce; left > 0; left--) {
      const at = gate.take()
      if (typeof at === 'string') break
      permits.push(at)
    }
    return permits
  })
}

/** The most permits in any window of `perMs`. */
export function mostIn(permits: readonly number[], perMs: number): number {
  const sorted = [...permits].sort((a, b) => a - b)
  let [most, oldest] = [0, 0]
  sorted.forEach((at, index) => {
    while ((sorted[oldest] ?? at) <= at - perMs) oldest++
    most = Math.max(most, index - oldest + 1)
  })
  return most
}

export function leastGap(permits: readonly number[]): number {
  return Math.min(...permits.slice(1).map((at, index) => at - (permits[index] ?? at)))
}

export function longestRun(permits: readonly number[], gapMs: number): number {
  let [run, longest, last] = [0, 0, Number.NEGATIVE_INFINITY]
  for (const at of permits) {
    run = at - last >= gapMs ? 1 : run + 1
    longest = Math.max(longest, run)
    last = at
  }
  return longest
}
