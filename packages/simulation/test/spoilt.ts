import { expect, test } from 'vitest'
import { violationsIn } from '../src/audit/verdict.js'
import type { Event } from '../src/events.js'
import { planned } from '../src/explore/planned.js'
import { type Run, run } from '../src/run.js'
import { type Scenario, severalBatches } from '../src/scenarios/index.js'

type Spoil = (good: Run) => Run

/** Its name, what spoils it, what is found then, and the scenario of the run. */
type Spoilt = [name: string, spoil: Spoil, found: RegExp, scenario?: Scenario]

/** Puts something else in place of each job, as it is stored or as it is seen, or of each event. */
export const withJobs = (change: (job: Run['jobs'][number]) => unknown): Spoil => {
  return good => ({ ...good, jobs: good.jobs.flatMap(change) }) as Run
}
export const withSeen = (change: (job: Run['seen'][number]) => unknown): Spoil => {
  return good => ({ ...good, seen: good.seen.flatMap(change) }) as Run
}
export const withEvents = (change: (event: Event) => unknown): Spoil => {
  return good => ({ ...good, events: good.events.flatMap(change) }) as Run
}

/** What is found in a run that was good before something in it was changed. */
export function everySpoiltRunIsFound(spoilt: readonly Spoilt[]): void {
  test.each<Spoilt>(spoilt)('%s is found', async (_, spoil, found, scenario = severalBatches) => {
    const good = await run(scenario, planned([]))
    expect(violationsIn(good)).toEqual([])
    expect(violationsIn(spoil(good)).join('\n')).toMatch(found)
  })
}
