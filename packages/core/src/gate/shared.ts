import { isLonghaulError } from '../store/index.js'
import type { SwapLoopDeps } from '../swap-loop.js'
import { cellKeeper } from './cell-keeper.js'
import type { Gate } from './gate.js'
import { gateList } from './gate-list.js'
import { gateOver } from './gate-over.js'
import { gateRules } from './gate-rules.js'
import { type GateKeeper, memoryKeeper } from './keeper.js'
import type { GateOptions } from './options.js'

/** One limit over all workers, kept in the store and timed by its clock. @throws {LonghaulError} `invalid_gate`. */
export function sharedGate(options: GateOptions, deps: SwapLoopDeps): Gate {
  const keeper = cellKeeper(options.key, { ...deps, introduce: gateList(deps).add })
  return sharedGateOver(keeper, options, deps)
}

/** The same over a keeper that other gates of the key may share. */
export function sharedGateOver(keeper: GateKeeper, options: GateOptions, tools: SwapLoopDeps): Gate {
  const rules = gateRules(options)
  const gate = gateOver(keeper, rules, tools)
  if (rules.whenStoreFails === 'closed') return gate
  return orAlone(gate, gateOver(memoryKeeper(tools.clock), rules, tools))
}

/** While the store can't be reached, the process goes by its own count. */
function orAlone(shared: Gate, alone: Gate): Gate {
  return {
    key: shared.key,

    async pass(signal) {
      await shared.pass(signal).catch(error => {
        if (!isStoreError(error)) throw error
        return alone.pass(signal)
      })
    },

    async report(outcome) {
      const [together, here] = await Promise.all([shared.report(outcome), alone.report(outcome)])
      return Math.max(together, here)
    },
  }
}

function isStoreError(error: unknown): boolean {
  return isLonghaulError(error) && error.name === 'StoreError'
}
