import { isEnded, type JobHead } from '@longhaul/core/store'
import { nameOf, type Run } from '../run.js'
import type { ExpectedJob } from '../scenarios/index.js'
import { expectedOf, lastErrorOf, ranOutOfTime } from './expected.js'

/** No job was lost, doubled, or ended otherwise than it should. */
export function wrongEnds(run: Run): string[] {
  const names = Object.keys(run.scenario.expects.jobs)
  return [...names.flatMap(name => wrongNumber(name, run)), ...run.jobs.flatMap(job => wrongEnd(job, run))]
}

function wrongNumber(name: string, { jobs }: Run): string[] {
  const count = jobs.filter(job => nameOf(job) === name).length
  if (count === 0) return [`job "${name}" was lost`]
  return count > 1 ? [`job "${name}" is there ${count} times`] : []
}

function wrongEnd(job: JobHead, run: Run): string[] {
  const expected = expectedOf(job, run.scenario)
  if (!expected) return [`nobody asked for job ${job.id}`]
  if (!isEnded(job.state)) return [`job ${job.id} never ended: it is ${job.state}`]
  if (ranOutOfTime(job, expected, run)) return []
  if (job.state !== expected.state) return [`job ${job.id} is ${job.state}, not ${expected.state}`]
  return [
    ...wrongCounts(job, expected),
    ...wrongValue(job, 'has the error', lastErrorOf(job, run), expected.error),
    ...wrongValue(job, 'is in the queue', job.queue, expected.queue),
  ]
}

function wrongCounts({ id, progress: { done, failed } }: JobHead, { counts }: ExpectedJob): string[] {
  if (!counts || (done === counts.done && failed === counts.failed)) return []
  return [`job ${id} counted ${done} done, ${failed} failed, not ${counts.done} and ${counts.failed}`]
}

function wrongValue({ id }: JobHead, what: string, value: string | null, expected = value): string[] {
  return value === expected ? [] : [`job ${id} ${what} "${value}", not "${expected}"`]
}
