import type { Clock, Random } from '../clock.js'
import {
  cellKeeper,
  type Gate,
  type GateOptions,
  gateList,
  gateRules,
  openLocalGate,
  sharedGateOver,
} from '../gate/index.js'
import type { Store } from '../store/index.js'

const mostGates = 1_000
/** How many of the oldest are looked at for each call, so that room is made faster than gates are opened. */
const mostLooks = 8

interface OpenGate {
  readonly gate: Gate
  /** Whether nothing is lost with it. */
  mayGo(now: number): boolean
}

/**
 * The gates of one runner: jobs with the same gate key meet at the same gate. About a thousand are kept open; a local
 * one that still counts calls is kept in any case, for nobody else knows of them.
 */
export function createGates(store: Store, { clock, random }: { clock: Clock; random: Random }) {
  const open = new Map<string, OpenGate>()
  const deps = { cells: store, clock, random }
  const { add: introduce } = gateList(deps)

  function find(id: string, options: GateOptions): Gate {
    const found = open.get(id) ?? openGate(options)
    open.delete(id)
    open.set(id, found)
    makeRoom()
    return found.gate
  }

  function openGate(options: GateOptions): OpenGate {
    if (gateRules(options).scope === 'local') {
      const gate = openLocalGate(options, deps)
      return { gate, mayGo: gate.isAtRest }
    }
    const keeper = cellKeeper(options.key, { ...deps, introduce })
    return { gate: sharedGateOver(keeper, options, deps), mayGo: () => true }
  }

  /** Those that were asked for longest ago stand first; one that must stay goes to the end. */
  function makeRoom(): void {
    let looks = 0
    for (const [id, gate] of open) {
      if (open.size <= mostGates || looks++ === mostLooks) return
      open.delete(id)
      if (!gate.mayGo(clock.now())) open.set(id, gate)
    }
  }

  return (options: GateOptions): Gate => {
    const id = JSON.stringify(options)
    const { key } = find(id, options)
    return {
      key,
      pass: signal => find(id, options).pass(signal),
      report: outcome => find(id, options).report(outcome),
    }
  }
}

export type Gates = ReturnType<typeof createGates>
