import { legalPairs, type Pair, pairsOf } from './events.js'
import type { Step } from './world.js'

/** Counts what a run has led the stores through. */
export function aTally() {
  const times = new Map<Pair, number>()
  const calls = new Map<string, number>()
  let runs = 0

  return {
    add(steps: readonly Step[]) {
      runs++
      for (const { call } of steps) count(calls, call.do)
      for (const pair of steps.flatMap(pairsOf)) count(times, pair)
    },

    timesOf: (pair: Pair) => times.get(pair) ?? 0,

    table() {
      const commands = [...calls.values()].reduce((sum, each) => sum + each, 0)
      const seen = legalPairs.filter(pair => times.has(pair))
      return [
        `${runs} runs, ${commands} commands, ${seen.length} of ${legalPairs.length} arrows`,
        [...calls].map(([call, count]) => `${call} ${count}`).join(', '),
        ...legalPairs.map(pair => `${pair.padEnd(32)}${String(times.get(pair) ?? 0).padStart(7)}`),
      ].join('\n')
    },
  }
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
