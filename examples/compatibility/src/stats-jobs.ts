import type { JobState, Processor, Runner } from '@longhaul/core'
import { type Authorize, HttpError } from '@longhaul/http'
import { z } from 'zod'
import { admit, scopeOf } from './http/door.js'
import { bodyOf, json } from './http/json.js'
import { serve } from './http/routes.js'

export interface StatsJobsOptions {
  readonly authorize: Authorize
  readonly processor: Processor<string, StatsInput>
  /** The old way: does the work now. It runs where the flags say so, and where no job can be stored. */
  readonly fallback: (input: StatsInput) => Promise<unknown>
}

/** The name of each trigger, as flags have it: `USE_BG_JOBS_ADMIN`, `…_CRON`, `…_MATCH`. */
const triggers = { admin: 'admin', cron: 'cron', 'post-match': 'match' } as const
const priorities = { admin: 1, cron: 1, 'post-match': 2 } as const

const body = z.object({
  triggeredBy: z.enum(['admin', 'cron', 'post-match']),
  matchId: z.string().min(1).optional(),
  requestId: z.string().min(1).max(200).optional(),
})

/** What the processor and the fallback are given. */
export interface StatsInput extends z.output<typeof body> {
  readonly requestId: string
  readonly userId: string | null
  readonly timestamp: string
}

export function statsJobRoutes(runner: Runner, { authorize, processor, fallback }: StatsJobsOptions) {
  return serve({
    async 'POST /api/admin/enqueue-stats-job'({ request }) {
      const access = await admit(request, authorize, 'enqueue')
      const asked = await bodyOf(request, body)
      if (asked.triggeredBy === 'post-match' && !asked.matchId) throw noMatch()
      const input = inputOf(asked, access.subject ?? access.tenant)
      const { triggeredBy, requestId, matchId } = input
      const routed = await runner.route(triggers[triggeredBy], processor, input, {
        ...scopeOf(access),
        key: requestId, // a call that is repeated leads to the same job
        correlationId: matchId ?? requestId,
        priority: priorities[triggeredBy],
        fallback: () => fallback(input),
      })
      if (routed.by === 'fallback') return json(doneAtOnce(input, routed.because, routed.result))
      return json(queued(input, routed.job), 202)
    },
  })
}

function noMatch(): HttpError {
  return new HttpError(400, 'invalid_body', 'matchId: is needed after a match')
}

function inputOf(asked: z.output<typeof body>, userId: string | null): StatsInput {
  const requestId = asked.requestId ?? crypto.randomUUID()
  return { ...asked, requestId, userId, timestamp: new Date().toISOString() }
}

/** What ended with errors counts as failed here, so that the button for it is shown. */
export const statsStatuses: Readonly<Record<JobState, 'queued' | 'processing' | 'completed' | 'failed'>> = {
  blocked: 'queued',
  waiting: 'queued',
  running: 'processing',
  paused: 'queued',
  completed: 'completed',
  completed_with_errors: 'failed',
  failed: 'failed',
  cancelled: 'failed',
}

interface Queued {
  readonly id: string
  readonly state: JobState
  readonly priority: number
}

function queued({ requestId, triggeredBy }: StatsInput, { id, state, priority }: Queued) {
  return { success: true, jobId: id, status: statsStatuses[state], requestId, triggeredBy, priority }
}

function doneAtOnce({ requestId, triggeredBy }: StatsInput, reason: string, result: unknown) {
  return { success: true, jobId: null, status: 'completed', requestId, triggeredBy, fallback: reason, result }
}
