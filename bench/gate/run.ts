/**
 * What does a call through a shared gate cost? CPU time, reads and swaps a call on the memory store, where a round
 * trip costs next to nothing: what is left is the gate itself.
 *
 * node --conditions=@longhaul/source --import tsx bench/gate/run.ts [--calls 20000]
 */
import { parseArgs } from 'node:util'
import {
  createCall,
  type GateOptions,
  memoryStore,
  type Store,
  sharedGate,
  systemClock,
  systemRandom,
} from '../../packages/core/src/index.js'

const { values } = parseArgs({ options: { calls: { type: 'string', default: '20000' } } })
const calls = Number(values.calls)
const rounds = 5

const gates: Readonly<Record<string, Partial<GateOptions>>> = {
  'no limit': {},
  'one window of 50': { rates: [{ limit: 50, perMs: 1 }] },
  'two large windows': {
    rates: [
      { limit: 1_000_000, perMs: 1_000 },
      { limit: 1_000_000, perMs: 3_600_000 },
    ],
  },
  'all of it': {
    rates: [
      { limit: 60, perMs: 1 },
      { limit: 1_000_000, perMs: 60_000 },
    ],
    pauseAfter: { calls: 1_000_000, pauseMs: 20 },
    breaker: {},
  },
}

const rows = []
for (const [gate, options] of Object.entries(gates)) {
  for (const atOnce of [1, 10, 100]) rows.push({ gate, 'at once': atOnce, ...(await best(options, atOnce)) })
}
console.log(`${calls} calls, the best of ${rounds} rounds, Node ${process.version}`)
console.table(rows)

async function best(options: Partial<GateOptions>, atOnce: number) {
  let least = Number.POSITIVE_INFINITY
  let cells = counted(memoryStore())
  for (let round = 0; round < rounds; round++) {
    cells = counted(memoryStore())
    least = Math.min(least, await trial(cells.store, options, atOnce))
  }
  return {
    'µs a call': Number((least / calls).toFixed(1)),
    'reads a call': Number((cells.reads() / calls).toFixed(2)),
    'swaps a call': Number((cells.swaps() / calls).toFixed(2)),
    'largest state, characters': cells.largest(),
  }
}

async function trial(store: Store, options: Partial<GateOptions>, atOnce: number): Promise<number> {
  const tools = { clock: systemClock, random: systemRandom }
  const gate = sharedGate({ key: 'bench', waitInPlaceMs: 60_000, ...options }, { ...tools, cells: store })
  const call = createCall({ gate, ...tools, signal: new AbortController().signal })
  let left = calls
  const before = process.cpuUsage()
  await Promise.all(Array.from({ length: atOnce }, strand))
  const { user, system } = process.cpuUsage(before)
  return user + system

  async function strand() {
    while (left-- > 0) await call(() => undefined)
  }
}

function counted(store: Store) {
  let [reads, swaps, largest] = [0, 0, 0]
  const cell: Store['cell'] = name => {
    reads++
    return store.cell(name)
  }
  const swap: Store['swap'] = (name, change) => {
    swaps++
    largest = Math.max(largest, change.value?.length ?? 0)
    return store.swap(name, change)
  }
  return { store: { ...store, cell, swap }, reads: () => reads, swaps: () => swaps, largest: () => largest }
}
