import type { JobDetails, JobState, Processor, Runner } from '@longhaul/core'
import { type Access, type Authorize, bearer, type Secrets } from '@longhaul/http'
import { z } from 'zod'
import { admit, ownJob, scopeOf } from './http/door.js'
import { bodyOf, json } from './http/json.js'
import { type Call, serve } from './http/routes.js'

export interface SiteJobsOptions {
  readonly authorize: Authorize
  /** `CRON_SECRET`. While it is unset cron is let in nowhere. */
  readonly cronSecret: Secrets
  /** The names of processors are the types of their jobs: `CRAWL_SITE`, `CLEANUP_ROLLBACKS`, `RESET_USAGE`. */
  readonly crawl: Processor<string, z.output<typeof crawlBody> & { userId: string | null }>
  readonly cleanup: Processor<string, z.output<typeof cleanupBody>>
  readonly usage: Processor<string, { month: string }>
}

const crawlBody = z.object({ siteId: z.string().min(1), maxPages: z.int().min(1).max(1_000).default(10) })
const cleanupBody = z.object({ daysOld: z.int().min(1).default(90) })
const everything: Access = { roles: ['admin'], tenant: null }
const [userPriority, chorePriority] = [5, 2]

export function siteJobRoutes(runner: Runner, { authorize, cronSecret, ...options }: SiteJobsOptions) {
  const { crawl, cleanup, usage } = options
  const cron = bearer(cronSecret, everything)

  const pass = (maxJobs: number) => async (call: Call) => {
    await admit(call.request, cron, 'admin')
    const { slices } = await runner.work({ maxJobs, budgetMs: 50_000 })
    const { states } = await runner.stats()
    return json({ success: true, processed: slices, stats: jobStats(states) })
  }

  async function daily({ request }: Call): Promise<Response> {
    await admit(request, cron, 'admin')
    const key = today() // cron may call twice
    return accepted(await runner.enqueue(cleanup, { daysOld: 90 }, { key, priority: chorePriority }))
  }

  async function monthly({ request }: Call): Promise<Response> {
    await admit(request, cron, 'admin')
    const month = today().slice(0, 7)
    return accepted(await runner.enqueue(usage, { month }, { key: month, priority: chorePriority }))
  }

  return serve({
    async 'POST /api/jobs/crawl'({ request }) {
      const access = await admit(request, authorize, 'enqueue')
      const input = { ...(await bodyOf(request, crawlBody)), userId: access.subject ?? access.tenant }
      return accepted(await runner.enqueue(crawl, input, { priority: userPriority, ...scopeOf(access) }))
    },

    async 'POST /api/jobs/cleanup'({ request }) {
      const access = await admit(request, authorize, 'admin')
      const input = await bodyOf(request, cleanupBody)
      return accepted(await runner.enqueue(cleanup, input, { priority: chorePriority, ...scopeOf(access) }))
    },

    async 'GET /api/jobs/:id/status'({ request, params: { id = '' } }) {
      const job = await ownJob(runner, id, await admit(request, authorize, 'read'))
      return json({ success: true, job: siteJob(job) })
    },

    'POST /api/jobs/process': pass(1),
    'GET /api/cron/process-jobs': pass(5),
    'POST /api/cron/process-jobs': pass(5),
    'GET /api/cron/daily': daily,
    'GET /api/cron/monthly': monthly,
  })
}

const today = () => new Date().toISOString().slice(0, 10)

function accepted({ id }: { readonly id: string }): Response {
  return json({ success: true, jobId: id, message: 'Job queued' }, 202)
}

const statuses = {
  blocked: 'PENDING',
  waiting: 'PENDING',
  running: 'PROCESSING',
  paused: 'PENDING',
  completed: 'COMPLETED',
  completed_with_errors: 'COMPLETED',
  failed: 'FAILED',
  cancelled: 'CANCELLED',
} as const satisfies Record<JobState, string>

/** What a view does not tell: how often its processor tries. */
const maxAttempts = 3

export function siteJob({ id, processor, state, progress, output, errors, ...job }: JobDetails) {
  const { attempts, dueAt, startedAt, endedAt, createdAt } = job
  const percent = Math.floor(progress.percent ?? 0)
  return {
    ...{ id, type: processor, status: statuses[state], progress: percent },
    ...{ result: output ?? null, error: errors?.last.message ?? null, attempts, maxAttempts },
    ...{ scheduledFor: dueAt, startedAt, completedAt: endedAt, createdAt },
    updatedAt: endedAt ?? startedAt ?? createdAt,
  }
}

export function jobStats(states: Readonly<Record<JobState, number>>) {
  const of = (status: string) =>
    (Object.keys(statuses) as JobState[])
      .filter(state => statuses[state] === status)
      .reduce((sum, state) => sum + states[state], 0)
  const [pending, processing, completed] = [of('PENDING'), of('PROCESSING'), of('COMPLETED')]
  const [failed, cancelled] = [of('FAILED'), of('CANCELLED')]
  const total = pending + processing + completed + failed + cancelled
  return { pending, processing, completed, failed, cancelled, total }
}
