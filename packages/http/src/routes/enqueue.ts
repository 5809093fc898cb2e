import { type EnqueueOptions, UnknownProcessorError } from '@longhaul/core'
import type { z } from 'zod'
import { type Access, allowsProcessor, scopeOf } from '../access/access.js'
import { forbidden } from '../access/guard.js'
import { answer } from '../answer/answer.js'
import { HttpError } from '../answer/http-error.js'
import { shownJob } from '../answer/shown.js'
import { type Route, route } from '../router/route.js'
import { empty } from '../schema/common.js'
import { enqueueBody, enqueued } from '../schema/job.js'
import type { RouteDeps } from './deps.js'
import { defined } from './filter.js'
import { retryAfter } from './jobs.js'

type Body = z.output<typeof enqueueBody>

const longestKey = 500

/** The side that asks for work. */
export function enqueueRoutes(deps: RouteDeps): readonly Route[] {
  const { runner, clock, shown } = deps
  const names = new Set(runner.catalog().map(({ name }) => name))

  async function optionsOf(request: Request, { input, ...body }: Body, processor: string, access: Access) {
    const own = await deps.beforeEnqueue?.({ processor, input, access, request })
    const key = idempotencyKey(request)
    return { ...defined(body), ...defined({ key }), ...own, ...scopeOf(access) } as EnqueueOptions
  }

  return [
    route({
      method: 'POST',
      path: '/jobs/:processor',
      needs: 'enqueue',
      summary: 'Enqueues a job',
      query: empty,
      body: enqueueBody,
      answers: {
        202: { description: 'The job is stored; `Location` is where to follow it', schema: enqueued },
        409: { description: 'A kept job has this key; `Location` is that one' },
      },
      async respond({ request, context, params, body, access, basePath }) {
        const processor = params.processor ?? ''
        if (!allowsProcessor(access, processor)) throw forbidden('Jobs of this processor are not for you.')
        if (!names.has(processor)) throw new UnknownProcessorError(processor, [...names])
        const job = await runner.enqueue(
          processor,
          body.input,
          await optionsOf(request, body, processor, access),
        )
        const statusUrl = `${basePath}/jobs/${encodeURIComponent(job.id)}`
        const headers = { location: statusUrl, ...retryAfter(job, clock.now()) }
        if (!job.created && !request.headers.has('idempotency-key')) throw taken(job.id, headers)
        await deps.workSoon(context)
        const { created, ...view } = job
        return answer({ ...shownJob(view, shown), created, statusUrl }, { status: 202, headers })
      },
    }),
  ]
}

/** A call that is repeated with this header is answered as before: with the job that it led to. */
function idempotencyKey({ headers }: Request): string | undefined {
  const key = headers.get('idempotency-key') ?? undefined
  if (key === undefined || (key.length >= 1 && key.length <= longestKey)) return key
  throw new HttpError(400, 'invalid_idempotency_key', `Idempotency-Key takes 1 to ${longestKey} characters.`)
}

function taken(jobId: string, headers: Record<string, string>): HttpError {
  return new HttpError(409, 'key_taken', 'A job of this processor has this key already.', {
    headers,
    facts: { jobId },
  })
}
