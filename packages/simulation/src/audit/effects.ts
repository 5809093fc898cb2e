import type { JobHead } from '@longhaul/core/store'
import { only } from '../events.js'
import type { Run } from '../run.js'
import type { ExpectedJob } from '../scenarios/index.js'
import { expectedOf, ranOutOfTime } from './expected.js'
import { faultsIn } from './faults.js'

/** All that should be done was done, little of it again, and nothing else. */
export function wrongEffects(run: Run): string[] {
  return run.jobs.flatMap(job => {
    const expected = expectedOf(job, run.scenario)
    return expected ? wrongEffectsOf(job, expected, run) : []
  })
}

function wrongEffectsOf(job: JobHead, expected: ExpectedJob, run: Run): string[] {
  const { batchSize = 1, repeats = 0 } = expected
  const items = only(run.events, 'effect').flatMap(effect => (effect.job === job.id ? [effect.item] : []))
  const done = [...new Set(items)]
  const acts = expected.acts?.map(String) ?? done
  const missing = ranOutOfTime(job, expected, run) ? [] : without(acts, done)
  const again = items.length - done.length
  const most = repeats + batchSize * faultsIn(run)
  return [
    ...missing.map(act => `job ${job.id} never did "${act}"`),
    ...without(done, acts).map(item => `job ${job.id} did "${item}", which nobody asked for`),
    ...(again > most ? [`job ${job.id} did ${again} things again, not ${most} at most`] : []),
  ]
}

function without(some: readonly string[], others: readonly string[]): readonly string[] {
  return some.filter(one => !others.includes(one))
}
