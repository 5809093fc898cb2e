import { uuidv7 } from 'uuidv7'
import type { Clock, Random } from '../clock.js'
import type { Store } from '../store/index.js'
import type { Rule } from './options.js'
import { takeTurn, turnCell } from './turn.js'

export interface PrunerDeps {
  readonly store: Pick<Store, 'cell' | 'swap' | 'count' | 'prune'>
  readonly clock: Clock
  readonly random: Random
  readonly rules: readonly Rule[]
  /** Those of this runner: the jobs of others are others' to keep. */
  readonly processors: readonly string[]
}

/** Small, so that no claim waits long for the store. */
const chunk = 500
/** What is left then is pruned in the next turn. */
const mostMs = 5_000
const neverMs = 3_600_000

/** Deletes ended jobs that the rules no longer keep. */
export function createPruner({ store, clock, random, rules, processors }: PrunerDeps) {
  async function tick(isOver: () => boolean): Promise<{ done: number; dueInMs: number }> {
    if (rules.length === 0 || processors.length === 0) return { done: 0, dueInMs: neverMs }
    const cell = await store.cell(turnCell)
    const turn = takeTurn(cell, processors, random())
    const { value, dueInMs } = turn
    if (turn.processors.length === 0) return { done: 0, dueInMs }
    const taken = await store.swap(turnCell, { id: uuidv7(), version: cell.version, value })
    return { done: taken ? await pruneAll(turn.processors, isOver) : 0, dueInMs }
  }

  async function pruneAll(names: readonly string[], isOver: () => boolean): Promise<number> {
    const until = clock.now() + mostMs
    const isLate = () => isOver() || clock.now() >= until
    let done = 0
    for (const rule of rules) done += await pruneRule(rule, names, isLate)
    return done
  }

  /** Rests after each chunk for as long as that took, so that the store has half of its time for others. */
  async function pruneRule(rule: Rule, names: readonly string[], isLate: () => boolean): Promise<number> {
    if (isLate()) return 0
    let [done, left] = [0, await excess(rule, names)]
    while (left > 0 && !isLate()) {
      const startedAt = clock.now()
      const limit = Math.min(chunk, left)
      const pruned = await store.prune({
        states: rule.states,
        olderThanMs: ageOf(rule),
        processors: names,
        limit,
      })
      done += pruned
      left = pruned < limit ? 0 : left - pruned
      if (left > 0) await clock.sleep(clock.now() - startedAt)
    }
    return done
  }

  /** How many go, at most. */
  async function excess(rule: Rule, names: readonly string[]): Promise<number> {
    if (!('keep' in rule)) return Number.POSITIVE_INFINITY
    const [state] = rule.states
    const { states } = await store.count({ states: rule.states, processors: names })
    return states[state] - rule.keep
  }

  return { tick }
}

function ageOf(rule: Rule): number {
  return 'keep' in rule ? 0 : rule.olderThanMs
}
