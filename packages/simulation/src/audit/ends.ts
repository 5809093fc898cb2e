import { isEnded, type JobHead } from '@longhaul/core/store'
import type { Run } from '../run.js'
import type { ExpectedJob } from '../scenarios/index.js'

/** No job was lost, doubled, or ended otherwise than it should. */
export function wrongEnds({ jobs, scenario: { expects } }: Run): string[] {
  const unknown = jobs.filter(({ key }) => key === null || !(key in expects.jobs))
  return [
    ...Object.entries(expects.jobs).flatMap(([key, expected]) =>
      wrongEnd(
        key,
        expected,
        jobs.filter(job => job.key === key),
      ),
    ),
    ...unknown.map(({ id }) => `nobody asked for job ${id}`),
  ]
}

function wrongEnd(key: string, expected: ExpectedJob, jobs: readonly JobHead[]): string[] {
  const [job] = jobs
  if (!job) return [`job "${key}" was lost`]
  if (jobs.length > 1) return [`job "${key}" is there ${jobs.length} times`]
  if (!isEnded(job.state)) return [`job ${job.id} never ended: it is ${job.state}`]
  if (job.state !== expected.state) return [`job ${job.id} is ${job.state}, not ${expected.state}`]
  return wrongCounts(job, expected)
}

function wrongCounts({ id, progress: { done, failed } }: JobHead, { counts }: ExpectedJob): string[] {
  if (!counts || (done === counts.done && failed === counts.failed)) return []
  return [`job ${id} counted ${done} done, ${failed} failed, not ${counts.done} and ${counts.failed}`]
}
