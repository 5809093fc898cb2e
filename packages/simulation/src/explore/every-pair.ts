import { type Event, only } from '../events.js'
import { faultNames, isCrash } from '../faults/faults.js'
import { type Run, run } from '../run.js'
import type { Scenario } from '../scenarios/index.js'
import { addRun, noTotals, type Totals } from '../totals.js'
import { namesOf, type PlannedFault, planned } from './planned.js'

/**
 * Runs a scenario without a fault, with each at each call of the first worker, and with each pair of them. Runs share
 * nothing but the turns of the event loop, so that many go side by side.
 */
export async function everyPair(scenario: Scenario): Promise<Totals> {
  let totals = noTotals

  async function runWith(faults: readonly PlannedFault[]): Promise<number> {
    const done = await run(scenario, planned(faults))
    totals = addRun(totals, done, namesOf(faults))
    return callsIn(done)
  }

  async function runWithPairsOf(first: PlannedFault): Promise<void> {
    const calls = await runWith([first])
    const seconds = isCrash(first.fault) ? [] : faultsFrom(first.call + 1, calls)
    await Promise.all(seconds.map(second => runWith([first, second])))
  }

  for (const first of faultsFrom(1, await runWith([]))) await runWithPairsOf(first)
  return totals
}

/** Who crashes makes no more calls, so what could come after it is no pair. */
function faultsFrom(from: number, to: number): readonly PlannedFault[] {
  const calls = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
  return calls.flatMap(call => faultNames.map(fault => ({ call, fault })))
}

const deeds: readonly Event['type'][] = ['claimed', 'written', 'effect']

/** The calls of the first worker until nothing is done any more: what fails later can do no harm. */
function callsIn({ events }: Run): number {
  const last = events.findLastIndex(({ type }) => deeds.includes(type))
  return only(events.slice(0, last), 'called').filter(({ worker }) => worker === 1).length
}
