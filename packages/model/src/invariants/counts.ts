import { type Job, type JobState, transitions } from '@longhaul/core/store'
import type { Step } from '../world/step.js'

/** The counts are those of the jobs that are there. */
export function miscounts({ after: { jobs, counts } }: Step): readonly string[] {
  const all = [...jobs.values()]
  return [
    ...(Object.keys(transitions) as JobState[]).flatMap(state =>
      unequal(`${state} jobs`, counts.states[state], all.filter(job => job.state === state).length),
    ),
    ...(['done', 'failed', 'skipped', 'total'] as const).flatMap(part =>
      unequal(part, counts.progress[part], sumOf(all, part)),
    ),
  ]
}

function sumOf(jobs: readonly Job[], part: keyof Job['progress']): number {
  return jobs.reduce((sum, { progress }) => sum + (progress[part] ?? 0), 0)
}

function unequal(what: string, counted: number, there: number): readonly string[] {
  return counted === there ? [] : [`${counted} ${what} are counted, and ${there} are there`]
}
