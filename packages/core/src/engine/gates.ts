import type { Clock, Random } from '../clock.js'
import { type Gate, type GateOptions, gateRules, localGate, sharedGate } from '../gate/index.js'
import type { Store } from '../store/index.js'

const mostGates = 1_000

/** The gates of one runner: jobs with the same gate key meet at the same gate. */
export function createGates(store: Store, tools: { clock: Clock; random: Random }) {
  const gates = new Map<string, Gate>()
  return (options: GateOptions): Gate => {
    const id = JSON.stringify(options)
    const gate = gates.get(id) ?? openGate(options, store, tools)
    gates.delete(id)
    gates.set(id, gate)
    if (gates.size > mostGates) gates.delete(gates.keys().next().value as string)
    return gate
  }
}

export type Gates = ReturnType<typeof createGates>

function openGate(options: GateOptions, store: Store, tools: { clock: Clock; random: Random }): Gate {
  return gateRules(options).scope === 'local'
    ? localGate(options, tools)
    : sharedGate(options, { ...tools, cells: store })
}
