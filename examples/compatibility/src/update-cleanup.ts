import type { JobState, JobView, Processor, Runner } from '@longhaul/core'
import { type Authorize, HttpError } from '@longhaul/http'
import { admit, ownJob, scopeOf } from './http/door.js'
import { json } from './http/json.js'
import { serve } from './http/routes.js'

export interface UpdateCleanupOptions {
  readonly authorize: Authorize
  /** Walks the jobs of an account, and counts `updated` and `deleted`. */
  readonly processor: Processor<string, { accountId: string }>
  readonly findAccount: (id: string) => Promise<Account | undefined>
  /** What one job takes, for the first estimate. @defaultValue 1_200 */
  readonly msPerJob?: number
}

interface Account {
  readonly apiToken: string | undefined
  readonly jobs: number
}

export function updateCleanupRoutes(
  runner: Runner,
  { authorize, processor, findAccount, msPerJob = 1_200 }: UpdateCleanupOptions,
) {
  return serve({
    async 'POST /api/update-cleanup-jobs/:accountId'({ request, params: { accountId = '' } }) {
      const access = await admit(request, authorize, 'enqueue')
      const { jobs } = usable(await findAccount(accountId))
      const job = await runner.enqueue(processor, { accountId }, scopeOf(access))
      return json(started(job, jobs, jobs * msPerJob), 202)
    },

    async 'GET /api/update-cleanup-status/:jobId'({ request, params: { jobId = '' } }) {
      const access = await admit(request, authorize, 'read')
      return json(updateCleanupStatus(await ownJob(runner, jobId, access), Date.now()))
    },

    async 'GET /api/update-cleanup-jobs'({ request }) {
      const filter = { processors: [processor.name], ...scopeOf(await admit(request, authorize, 'read')) }
      const { jobs } = await runner.list({ ...filter, states: active }, { limit: 100 })
      const { states } = await runner.stats(filter)
      return json({ jobs: jobs.map(job => updateCleanupStatus(job, Date.now())), summary: summaryOf(states) })
    },
  })
}

/** @throws {HttpError} */
function usable(account: Account | undefined): Account {
  if (!account) throw new HttpError(404, 'account_not_found', 'Account not found')
  if (!account.apiToken) throw new HttpError(400, 'no_api_token', 'The account has no API token')
  return account
}

const active: readonly JobState[] = ['blocked', 'waiting', 'running', 'paused']

/** What has ended is `completed` or `failed`, so that a page which asks again and again comes to its end. */
const statuses: Readonly<Record<JobState, string>> = {
  blocked: 'processing',
  waiting: 'processing',
  running: 'processing',
  paused: 'processing',
  completed: 'completed',
  completed_with_errors: 'completed',
  failed: 'failed',
  cancelled: 'failed',
}

function started({ id, state }: JobView, totalJobs: number, estimateMs: number) {
  return {
    message: 'Update and cleanup started',
    jobId: id,
    status: statuses[state],
    totalJobs,
    progress: 0,
    statusEndpoint: `/api/update-cleanup-status/${id}`,
    estimatedDuration: `${Math.ceil(estimateMs / 60_000)} minutes`,
  }
}

/** `duration` is in milliseconds, `estimatedTimeRemaining` in seconds. */
export function updateCleanupStatus({ id, state, progress, counters, eta, ...job }: JobView, now: number) {
  const { updated = 0, deleted = 0 } = counters
  const startTime = job.startedAt ?? job.createdAt
  const endMs = job.endedAt === null ? now : Date.parse(job.endedAt)
  return {
    jobId: id,
    status: statuses[state],
    progress: Math.floor(progress.percent ?? 0),
    totalJobs: progress.total ?? 0,
    processedJobs: progress.done,
    updatedJobs: updated,
    deletedJobs: deleted,
    failedUpdates: progress.failed,
    unchangedJobs: progress.done - updated - deleted - progress.failed,
    startTime,
    duration: Math.max(0, endMs - Date.parse(startTime)),
    estimatedTimeRemaining: eta && Math.ceil(eta.remainingMs / 1_000),
  }
}

function summaryOf(states: Readonly<Record<JobState, number>>) {
  const counts = Object.entries(states) as [JobState, number][]
  const of = (status: string) => sum(counts.filter(([state]) => statuses[state] === status))
  return { total: sum(counts), active: of('processing'), completed: of('completed'), failed: of('failed') }
}

function sum(counts: readonly (readonly [JobState, number])[]): number {
  return counts.reduce((total, [, count]) => total + count, 0)
}
