import type { JobHead } from '@longhaul/core/store'
import { only } from '../events.js'
import { nameOf, type Run } from '../run.js'
import type { ExpectedJob } from '../scenarios/index.js'
import { faultsIn } from './faults.js'

/** All that should be done was done, and little of it again. */
export function wrongEffects(run: Run): string[] {
  return run.jobs.flatMap(job => {
    const expected = run.scenario.expects.jobs[nameOf(job)]
    return expected ? wrongEffectsOf(job, expected, run) : []
  })
}

function wrongEffectsOf({ id }: JobHead, expected: ExpectedJob, run: Run): string[] {
  const { acts = [], batchSize = 1, repeats = 0 } = expected
  const items = only(run.events, 'effect').flatMap(({ job, item }) => (job === id ? [item] : []))
  const distinct = new Set(items)
  const missing = acts.map(String).filter(act => !distinct.has(act))
  const again = items.length - distinct.size
  const most = repeats + batchSize * faultsIn(run)
  return [
    ...missing.map(act => `job ${id} never did "${act}"`),
    ...(again > most ? [`job ${id} did ${again} things again, not ${most} at most`] : []),
  ]
}
