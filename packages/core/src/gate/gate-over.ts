import type { Clock, Random } from '../clock.js'
import { type Gate, type GateOutcome, Throttled } from './gate.js'
import type { GateRules } from './options.js'
import { type GateState, report, take } from './rules.js'

/** Where the state of one gate is kept. */
export interface GateKeeper {
  /** What was last seen of the state, without asking for it. */
  seen(): GateState
  /**
   * Puts `edit`'s answer in place of the state, one edit after the other, and answers with the keeper's time. The
   * same object means no change. `edit` may be called more than once; the last call counts.
   */
  edit(edit: (state: GateState, now: number) => GateState): Promise<number>
}

export interface GateTools {
  readonly clock: Clock
  readonly random: Random
}

/** The gate's rules over a place to keep its state. */
export function gateOver(keeper: GateKeeper, rules: GateRules, tools: GateTools): Gate {
  return attentive({
    key: rules.key,

    async pass(signal) {
      const waitMs = await reserve(keeper, rules, tools.random)
      await tools.clock.sleep(waitMs, { signal })
    },

    async report(outcome) {
      if (changesNothing(keeper.seen(), outcome)) return
      await keeper.edit((state, now) => report(state, rules, outcome, now))
    },
  })
}

/** Counts a call, and answers how long until it may be made. */
async function reserve(keeper: GateKeeper, rules: GateRules, random: Random): Promise<number> {
  let taken = { permit: false, waitMs: 0 } as ReturnType<typeof take>
  const now = await keeper.edit((state, now) => {
    taken = take(state, rules, now, rules.waitInPlaceMs)
    return taken.permit ? taken.state : state
  })
  if (taken.permit) return taken.at - now
  throw new Throttled(rules.key, taken.waitMs + spread(taken.waitMs, rules, random))
}

/** Jobs that are refused together come back one by one. */
function spread(waitMs: number, { waitInPlaceMs }: GateRules, random: Random): number {
  return Math.floor(random() * Math.max(waitInPlaceMs, waitMs / 10))
}

/** So that a call that went well costs no write. */
function changesNothing({ breaker }: GateState, { kind }: GateOutcome): boolean {
  return kind === 'ok' && breaker.failures === 0 && breaker.openUntil === null
}

/** Sends those back who were about to go when "too many requests" came in. */
export function attentive(gate: Gate): Gate {
  let blocks = 0
  return {
    key: gate.key,

    async pass(signal) {
      let before: number
      do {
        signal?.throwIfAborted()
        before = blocks
        await gate.pass(signal)
      } while (before !== blocks)
      signal?.throwIfAborted()
    },

    async report(outcome) {
      if (outcome.kind === 'throttled') blocks++
      await gate.report(outcome).catch(() => undefined)
    },
  }
}
