import { expect, test } from 'vitest'
import { everyPair } from '../src/explore/every-pair.js'
import type { Scenario } from '../src/scenarios/index.js'
import { lineOf } from '../src/totals.js'

/** Every fault at every call of a worker, alone and with every later one, leaves all as it must be. */
export function everyFault(...scenarios: readonly Scenario[]): void {
  test.each(scenarios)('$name keeps every promise, whatever happens to two store calls', async scenario => {
    const totals = await everyPair(scenario)
    console.log(lineOf(scenario.name, totals))
    expect(totals.violations.slice(0, 20)).toEqual([])
    expect(totals.faults).toBeGreaterThan(1_000)
  })
}
