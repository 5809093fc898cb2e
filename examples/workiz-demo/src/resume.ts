import type { JobView } from '@longhaul/core'
import { count, duration, time } from './format.js'
import { defaultRecords, type Options } from './options.js'
import { Problem } from './problem.js'

/** What a start finds of the one before, and what it makes of it. */
export type Plan =
  | { readonly kind: 'anew'; readonly records: number; readonly why: string }
  | { readonly kind: 'resume'; readonly records: number; readonly job: JobView }

/**
 * Pure.
 *
 * @param job The last run's, if there was one.
 * @param begunWith How many records the app's database had when that run began.
 * @throws {Problem} when another number of records is asked for than the unfinished run has.
 */
export function planFor(options: Options, job: JobView | undefined, begunWith: number): Plan {
  const anew = (why: string): Plan => ({ kind: 'anew', records: options.records ?? defaultRecords, why })
  if (options.fresh) return anew('Starts anew, as --fresh says.')
  if (!job || begunWith === 0) return anew('Nothing here yet: starts from the first record.')
  if (job.endedAt !== null) return anew(`The last run is over (${job.state}): starts anew.`)
  if ((options.records ?? begunWith) !== begunWith) throw otherNumber(begunWith)
  return { kind: 'resume', records: begunWith, job }
}

function otherNumber(begunWith: number): Problem {
  return new Problem(
    `The unfinished run has ${count(begunWith)} records. Resume it without --records, or add --fresh to start anew.`,
  )
}

/** What to tell of the run that is resumed. Whoever held the job is dead: the folder is ours alone. */
export function resumeLines(job: JobView, now: number, leaseMs: number): string[] {
  const { done, total } = job.progress
  const place = total === null ? 'at the start' : `at ${count(done)} of ${count(total)}`
  const due = Date.parse(job.dueAt)
  if (job.state === 'paused') return [`The last run was stopped. Resumes ${place}.`]
  if (job.state !== 'running') return [`The last run left its job unfinished. Resumes ${place}.`]
  const saved = `Resumes ${place}, last saved at ${time(due - leaseMs)}.`
  return [`The last run was killed. ${saved}`, ...leaseLine(due - now)]
}

function leaseLine(leftMs: number): string[] {
  return leftMs > 0 ? [`Its lease ends in ${duration(leftMs)}; until then nobody else may take the job.`] : []
}
