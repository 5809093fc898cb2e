import type { Random } from '@longhaul/core'
import { type FaultName, faultNames } from '../faults/faults.js'
import type { FaultPlan } from '../faults/faulty-store.js'
import { pick, seeded } from '../random.js'
import { run } from '../run.js'
import { type Scenario, scenarios } from '../scenarios/index.js'
import type { Setting } from '../stage.js'
import { addRun, noTotals, type Totals } from '../totals.js'
import { leaseMs } from '../worker.js'

/** Then they stop, so that all can end. */
const mostFaults = 12
const shareOfCalls = 0.15
/** At once: they share only the turns of the event loop. */
const sideBySide = 50

/** Runs one scenario for each seed, with many random faults at the calls of all workers. */
export async function swarm(seeds: readonly number[]): Promise<Totals> {
  let totals = noTotals
  for (let from = 0; from < seeds.length; from += sideBySide) {
    const some = seeds.slice(from, from + sideBySide)
    const runs = await Promise.all(some.map(runSeed))
    for (const [place, done] of runs.entries()) totals = addRun(totals, done, `--seed ${some[place]}`)
  }
  return totals
}

/** The same seed makes the same run. */
export function runSeed(seed: number) {
  return run(scenarioOf(seed), randomFaults(seed))
}

function scenarioOf(seed: number): Scenario {
  return scenarios[seed % scenarios.length] as Scenario
}

function randomFaults(seed: number): Setting {
  const random = seeded(seed)
  const lateMs = Math.ceil(leaseMs * (1 + 2 * random()))
  const plan = randomPlan(random)
  return { seed, lateMs, replaces: true, plan: () => plan }
}

function randomPlan(random: Random): FaultPlan {
  let left = mostFaults
  return (): FaultName | null => {
    if (left === 0 || random() >= shareOfCalls) return null
    left--
    return pick(faultNames, random)
  }
}
