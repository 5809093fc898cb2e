import type { Clock, Random } from '../clock.js'
import { type Gate, Throttled } from './gate.js'
import type { GateEdit, GateKeeper } from './keeper.js'
import type { GateRules } from './options.js'
import type { GateOutcome } from './outcome.js'
import { isCalledOff, shut } from './rules/closings.js'
import { report } from './rules/report.js'
import { take } from './rules/take.js'
import { isAtRest } from './rules/view.js'

export interface GateTools {
  readonly clock: Clock
  readonly random: Random
}

/** A gate that can be asked, without a round trip, what was last seen of it. */
export interface KeptGate extends Gate {
  /** Whether a call that was let through for `at`, epoch milliseconds, should not be made after all. */
  isCalledOff(at: number): boolean
  /** Whether it remembers nothing that a new gate would not know. */
  isAtRest(now: number): boolean
}

/** The gate's rules over a place to keep its state. */
export function gateOver(keeper: GateKeeper, rules: GateRules, { clock, random }: GateTools): KeptGate {
  const seenAt = { keepers: 0, ours: 0 }

  async function edited(edit: GateEdit): Promise<number> {
    seenAt.keepers = await keeper.edit(edit)
    seenAt.ours = clock.now()
    return seenAt.keepers
  }

  /** Counts a call, and answers when it may be made. */
  async function reserve() {
    let taken = { permit: false } as ReturnType<typeof take>
    const now = await edited((state, now) => {
      taken = take(state, rules, now, rules.waitInPlaceMs)
      return taken.state
    })
    if (taken.permit) return { at: taken.at, inMs: taken.at - now }
    throw new Throttled(rules.key, spread(taken.waitMs, rules, random), taken)
  }

  async function tell(outcome: GateOutcome): Promise<number> {
    let shutMs = 0
    await edited((state, now) => {
      const next = report(state, rules, outcome, now)
      shutMs = Math.max(0, (shut(next, rules, now)?.askAt ?? 0) - now)
      return next
    })
    return shutMs > 0 ? spread(Math.ceil(shutMs), rules, random) : 0
  }

  /** So that a call that went well costs no write. */
  function saysNothingNew(outcome: GateOutcome): boolean {
    if (outcome.kind !== 'ok' && outcome.kind !== 'unknown') return false
    const now = seenAt.keepers + clock.now() - seenAt.ours
    return report(keeper.seen(), rules, outcome, now) === keeper.seen()
  }

  return {
    key: rules.key,
    isCalledOff: at => isCalledOff(keeper.seen(), rules, at),
    isAtRest: now => isAtRest(keeper.seen(), now),

    async pass(signal) {
      let at: number
      do {
        signal?.throwIfAborted()
        const permit = await reserve()
        at = permit.at
        await clock.sleep(permit.inMs, { signal })
      } while (!signal?.aborted && isCalledOff(keeper.seen(), rules, at))
      signal?.throwIfAborted()
    },

    async report(outcome) {
      return saysNothingNew(outcome) ? 0 : tell(outcome).catch(() => 0)
    },
  }
}

/** Jobs that are refused together come back one by one: within a tenth of the wait, or as long as one is sat out. */
function spread(waitMs: number, { waitInPlaceMs }: GateRules, random: Random): number {
  return waitMs + Math.floor(random() * Math.max(waitInPlaceMs, waitMs / 10))
}
