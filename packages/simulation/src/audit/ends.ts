import { isEnded, type JobHead } from '@longhaul/core/store'
import { nameOf, type Run } from '../run.js'
import type { ExpectedJob } from '../scenarios/index.js'

/** No job was lost, doubled, or ended otherwise than it should. */
export function wrongEnds({ jobs, scenario: { expects } }: Run): string[] {
  const unknown = jobs.filter(job => !(nameOf(job) in expects.jobs))
  return [
    ...Object.entries(expects.jobs).flatMap(([name, expected]) =>
      wrongEnd(
        name,
        expected,
        jobs.filter(job => nameOf(job) === name),
      ),
    ),
    ...unknown.map(({ id }) => `nobody asked for job ${id}`),
  ]
}

function wrongEnd(name: string, expected: ExpectedJob, jobs: readonly JobHead[]): string[] {
  const [job] = jobs
  if (!job) return [`job "${name}" was lost`]
  if (jobs.length > 1) return [`job "${name}" is there ${jobs.length} times`]
  if (!isEnded(job.state)) return [`job ${job.id} never ended: it is ${job.state}`]
  if (job.state !== expected.state) return [`job ${job.id} is ${job.state}, not ${expected.state}`]
  return wrongCounts(job, expected)
}

function wrongCounts({ id, progress: { done, failed } }: JobHead, { counts }: ExpectedJob): string[] {
  if (!counts || (done === counts.done && failed === counts.failed)) return []
  return [`job ${id} counted ${done} done, ${failed} failed, not ${counts.done} and ${counts.failed}`]
}
