import { randomUUID } from 'node:crypto'
import type { Health, JobDetails, JobState, Runner } from '@longhaul/core'
import { type Access, bearer, type Secrets } from '@longhaul/http'
import { admit } from './http/door.js'
import { json } from './http/json.js'
import { serve } from './http/routes.js'

export interface WorkerOptions {
  /** `WORKER_SECRET_TOKEN`, two during a rotation. While it is unset nobody can ask for work. */
  readonly token: Secrets
  /** @defaultValue a new one for each process */
  readonly workerId?: string
  /** @defaultValue 280_000, within a function of five minutes */
  readonly budgetMs?: number
  readonly environment: { readonly region: string; readonly env: string }
}

const everything: Access = { roles: ['admin'], tenant: null }

export function enrichmentWorkerRoutes(runner: Runner, options: WorkerOptions) {
  const { token, budgetMs = 280_000, environment, workerId = `worker-${randomUUID()}` } = options
  const caller = bearer(token, everything)
  return serve({
    async 'GET /api/jobs/worker'() {
      const health = await runner.health()
      return json(workerHealth(health, workerId, environment), health.status === 'unhealthy' ? 503 : 200)
    },

    async 'POST /api/jobs/worker'({ request }) {
      await admit(request, caller, 'admin')
      const startedAt = performance.now()
      const tally = tallyOf(runner)
      const { slices, dueInMs } = await runner.work({ budgetMs }).finally(tally.stop)
      const duration_ms = Math.round(performance.now() - startedAt)
      const summary = { processed: slices, ...tally.counts, duration_ms, has_more: dueInMs !== null }
      return json({ success: true, worker_id: workerId, timestamp: new Date().toISOString(), summary })
    },
  })
}

const ends = ['completed', 'completed_with_errors', 'failed', 'cancelled'] as const

/** Counts how jobs end, until it is told to stop: in this process, and so for all passes that go on at once. */
function tallyOf(runner: Runner) {
  const counts = { completed: 0, failed: 0 }
  const offs = ends.map(end =>
    runner.on(end, () => {
      counts[statuses[end]] += 1
    }),
  )
  return { counts, stop: () => offs.forEach(off => void off()) }
}

export function workerHealth(
  { status, checkedAt }: Pick<Health, 'status' | 'checkedAt'>,
  workerId: string,
  environment: WorkerOptions['environment'],
) {
  return {
    status: status === 'unhealthy' ? 'unhealthy' : 'healthy',
    worker_exists: true,
    worker_id: workerId,
    timestamp: checkedAt,
    environment,
  }
}

const statuses = {
  blocked: 'pending',
  waiting: 'pending',
  running: 'processing',
  paused: 'pending',
  completed: 'completed',
  completed_with_errors: 'completed',
  failed: 'failed',
  cancelled: 'failed',
} as const satisfies Record<JobState, string>

/** A job as a row of the table that a page reads. The stack of an error stays on the server. */
export function enrichmentJob({ id, tenant, processor, state, progress, output, ...job }: JobDetails) {
  return {
    id,
    workspace_id: tenant,
    job_type: processor,
    status: statuses[state],
    progress: Math.floor(progress.percent ?? 0),
    payload: job.input,
    result: output ?? null,
    error_message: job.errors?.last.message ?? null,
    started_at: job.startedAt,
    completed_at: job.endedAt,
    created_at: job.createdAt,
  }
}
