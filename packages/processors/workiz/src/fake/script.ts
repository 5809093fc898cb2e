import type { RecordedCall } from './calls.js'
import type { Fault } from './faults.js'

export interface FaultRule {
  /** Part of the path behind the token, a pattern for it, or a test of the call. @defaultValue every call */
  readonly on?: string | RegExp | ((call: RecordedCall) => boolean)
  readonly fault: Fault
  /** How often it strikes. @defaultValue always */
  readonly times?: number
  /** How many matching calls it lets pass first. @defaultValue 0 */
  readonly after?: number
}

/** Picks the fault for each call in turn: the first rule that matches and is neither early nor used up. */
export function faultScript(rules: readonly FaultRule[]): (call: RecordedCall) => Fault | undefined {
  const states = rules.map(rule => ({ rule, seen: 0, struck: 0 }))

  return call => {
    const matching = states.filter(({ rule }) => matches(rule.on, call))
    for (const state of matching) state.seen++
    const next = matching.find(
      ({ rule, seen, struck }) =>
        seen > (rule.after ?? 0) && struck < (rule.times ?? Number.POSITIVE_INFINITY),
    )
    if (next) next.struck++
    return next?.rule.fault
  }
}

function matches(on: FaultRule['on'], call: RecordedCall): boolean {
  if (on === undefined) return true
  if (typeof on === 'function') return on(call)
  return typeof on === 'string' ? call.path.includes(on) : on.test(call.path)
}
