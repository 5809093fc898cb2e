import type { JobDetails } from '../client/view.js'
import type { Runner } from '../runner.js'
import type { JobFilter } from '../store/index.js'

/** What a job is expected to be. What is left out may be anything. */
export interface ExpectedJob extends Pick<JobDetails, 'processor'> {
  /** Of an object, the members that matter. */
  readonly input?: unknown
  readonly queue?: string
  readonly lane?: string
  readonly tenant?: string
  readonly key?: string
  readonly group?: string
  readonly correlationId?: string
  readonly tag?: string
  readonly priority?: number
}

/** The few members of a runner that are asked. */
type Asked = Pick<Runner, 'list' | 'get'>

const mostJobs = 1_000

/**
 * The one job that is as expected, whatever has become of it. It looks at the newest 1,000 of its processor.
 *
 * @throws {Error} when there is none, or more than one, with what there is instead.
 */
export async function assertEnqueued(runner: Asked, expected: ExpectedJob): Promise<JobDetails> {
  const jobs = await jobsLike(runner, expected)
  const fitting = jobs.filter(job => fits(job, expected))
  const [job] = fitting
  if (job && fitting.length === 1) return job
  throw new Error(
    `${fitting.length} jobs are like ${show(expected)}, not 1. ${listed(fitting.length ? fitting : jobs)}`,
  )
}

/** @throws {Error} when there is such a job. */
export async function refuteEnqueued(runner: Asked, expected: ExpectedJob): Promise<void> {
  const fitting = (await jobsLike(runner, expected)).filter(job => fits(job, expected))
  if (fitting.length > 0) throw new Error(`No job should be like ${show(expected)}. ${listed(fitting)}`)
}

/** All jobs of the processor. */
async function jobsLike(runner: Asked, { processor }: ExpectedJob): Promise<JobDetails[]> {
  const filter: JobFilter = { processors: [processor] }
  const { jobs } = await runner.list(filter, { limit: mostJobs })
  const details = await Promise.all(jobs.map(({ id }) => runner.get(id)))
  return details.filter(job => job !== undefined)
}

function fits(job: JobDetails, { tag, ...expected }: ExpectedJob): boolean {
  return (tag === undefined || job.tags.includes(tag)) && isLike(job, expected)
}

/** Whether all members that are expected are there, on every level. A list has to be as long. */
function isLike(value: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return Object.is(value, expected)
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(expected) && expected.length !== (value as { length?: number }).length) return false
  return Object.entries(expected).every(
    ([name, member]) => member === undefined || isLike(Reflect.get(value, name), member),
  )
}

const mostShown = 10

function listed(jobs: readonly JobDetails[]): string {
  if (jobs.length === 0) return 'The processor has no jobs.'
  const lines = jobs.slice(0, mostShown).map(({ id, state, input }) => `  ${id} ${state} ${show(input)}`)
  return `There are:\n${lines.join('\n')}${jobs.length > mostShown ? '\n  …' : ''}`
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined'
}
