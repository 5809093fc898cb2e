import { faultsIn } from './audit/faults.js'
import { violationsIn } from './audit/verdict.js'
import type { Run } from './run.js'

export interface Totals {
  readonly runs: number
  readonly faults: number
  /** Each says which run it was found in. */
  readonly violations: readonly string[]
}

export const noTotals: Totals = { runs: 0, faults: 0, violations: [] }

/** @param name Says how to make the run again. */
export function addRun({ runs, faults, violations }: Totals, run: Run, name: string): Totals {
  const found = violationsIn(run).map(violation => `${run.scenario.name}, ${name}: ${violation}`)
  return { runs: runs + 1, faults: faults + faultsIn(run), violations: [...violations, ...found] }
}

export function lineOf(name: string, { runs, faults, violations }: Totals): string {
  return `${name}: ${runs} runs, ${faults} faults, ${violations.length} violations`
}
