import { only } from '../events.js'
import { faultNames, isCrash } from '../faults/faults.js'
import { type Run, run } from '../run.js'
import type { Scenario } from '../scenarios/index.js'
import { addRun, noTotals, type Totals } from '../totals.js'
import { namesOf, type PlannedFault, planned } from './planned.js'

/** Runs a scenario without a fault, with each at each call of the first worker, and with each pair of them. */
export async function everyPair(scenario: Scenario): Promise<Totals> {
  let totals = noTotals

  async function runWith(faults: readonly PlannedFault[]): Promise<number> {
    const done = await run(scenario, planned(faults))
    totals = addRun(totals, done, namesOf(faults))
    return callsIn(done)
  }

  for (const first of faultsFrom(1, await runWith([]))) {
    const calls = await runWith([first])
    if (isCrash(first.fault)) continue
    for (const second of faultsFrom(first.call + 1, calls)) await runWith([first, second])
  }
  return totals
}

/** Who crashes makes no more calls, so what could come after it is no pair. */
function faultsFrom(from: number, to: number): readonly PlannedFault[] {
  const calls = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
  return calls.flatMap(call => faultNames.map(fault => ({ call, fault })))
}

function callsIn({ events }: Run): number {
  return only(events, 'called').filter(({ worker }) => worker === 'first').length
}
