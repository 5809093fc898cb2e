import { type SwapLoopDeps, swapLoop } from '../swap-loop.js'
import type { Gate } from './gate.js'
import { type GateKeeper, gateOver } from './gate-over.js'
import { type GateOptions, gateRules } from './options.js'
import { freshGate, type GateState } from './rules.js'

/** One limit over all workers, kept in the store and timed by its clock. @throws {LonghaulError} `invalid_gate`. */
export function sharedGate(options: GateOptions, deps: SwapLoopDeps): Gate {
  const rules = gateRules(options)
  return gateOver(cellKeeper(`gate:${rules.key}`, deps), rules, deps)
}

function cellKeeper(name: string, deps: SwapLoopDeps): GateKeeper {
  let seen = freshGate
  let turn: Promise<unknown> = Promise.resolve()

  async function swapped(edit: (state: GateState, now: number) => GateState): Promise<number> {
    const cell = await swapLoop(deps, name, ({ value, now }) => {
      const state = parsed(value)
      seen = edit(state, now)
      return seen === state ? undefined : JSON.stringify(seen)
    })
    return cell.now
  }

  return {
    seen: () => seen,
    // One at a time: callers of one process need not race each other.
    edit(edit) {
      const mine = turn.then(() => swapped(edit))
      turn = mine.catch(() => undefined)
      return mine
    },
  }
}

function parsed(value: string | null): GateState {
  return value === null ? freshGate : { ...freshGate, ...(JSON.parse(value) as GateState) }
}
