import { OptionsError } from './errors.js'
import type { After } from './store/index.js'

/** A job: what `enqueue` answered with, or the id. */
export type JobRef = string | { readonly id: string }

/**
 * Whom a job waits for. A list: until all of them have succeeded (`completed`, or `completed_with_errors`); if one ends
 * otherwise, this one is cancelled. With the outcome `ended`, any end will do.
 */
export type AfterJobs =
  | readonly JobRef[]
  | { readonly jobs: readonly JobRef[]; readonly outcome: After['outcome'] }

const most = 10_000
const outcomes = ['succeeded', 'ended'] as const

/** @throws {OptionsError} unless it names up to 10,000 jobs, and an outcome there is. */
export function readAfter(given: AfterJobs): After {
  const { jobs, outcome } = isList(given) ? { jobs: given, outcome: 'succeeded' as const } : given
  if (!outcomes.includes(outcome)) throw new OptionsError('after.outcome', `must be ${outcomes.join(' or ')}`)
  if (!Array.isArray(jobs) || jobs.length > most)
    throw new OptionsError('after', `must be a list of at most ${most} jobs`)
  return { ids: jobs.map(idOf), outcome }
}

function isList(given: AfterJobs): given is readonly JobRef[] {
  return Array.isArray(given)
}

/** @throws {OptionsError} */
function idOf(job: JobRef): string {
  const id = typeof job === 'string' ? job : (job as { id?: unknown } | null)?.id
  if (typeof id === 'string' && id.length > 0) return id
  throw new OptionsError('after', 'each must be a job, or the id of one')
}
