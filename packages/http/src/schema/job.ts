import { z } from 'zod'
import { count, eta, instant, listOf, next, page, state, text } from './common.js'

const error = z.object({
  name: z.string(),
  code: z.string().nullable(),
  message: z.string(),
  causes: z.array(z.object({ name: z.string(), code: z.string().nullable(), message: z.string() })),
  stack: z.string().nullable(),
})

const progress = z.object({
  done: count,
  failed: count,
  skipped: count,
  total: count.nullable(),
  percent: z.number().min(0).max(100).nullable(),
})

const unreadable = z.object({ part: z.string(), code: z.string(), message: z.string() })

/** A job as it is answered. */
export const job = z.object({
  id: text,
  processor: z.string(),
  queue: z.string(),
  state,
  wish: z.enum(['cancel', 'pause']).nullable().describe('What its worker has not seen yet'),
  priority: z.number().int(),
  key: z.string().nullable(),
  lane: z.string().nullable(),
  tenant: z.string().nullable(),
  correlationId: z.string().nullable(),
  tags: z.array(z.string()),
  group: z.string().nullable(),
  trigger: z.string().nullable(),
  waitsFor: count,
  progress,
  counters: z.record(z.string(), z.number()),
  eta: eta.nullable(),
  attempts: count,
  crashes: count,
  interruptions: count,
  throttles: count,
  errors: z.object({ first: error, last: error }).nullable(),
  unreadable: z.array(unreadable).nullable(),
  createdAt: instant,
  dueAt: instant,
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  output: z.unknown().optional(),
  input: z.unknown().optional(),
})

/** With fields left out, only the id is sure to be there. */
export const someOfJob = job.partial().required({ id: true })

export const jobs = z.object({ jobs: z.array(someOfJob), next })

const fields = listOf(z.enum(Object.keys(job.shape) as [string, ...string[]])).optional()

export const jobQuery = z.strictObject({ fields })

export const jobFilter = {
  state: listOf(state).optional(),
  processor: listOf(text).optional(),
  queue: listOf(text).optional(),
  lane: text.optional(),
  tenant: text.optional(),
  key: text.optional(),
  correlationId: text.optional(),
  tag: text.optional(),
  group: text.optional(),
}

export const jobFilterQuery = z.strictObject(jobFilter)
export const jobsQuery = z.strictObject({ ...jobFilter, ...page, fields })
export const pageQuery = z.strictObject(page)

export const items = z.object({
  records: z.array(
    z.object({
      key: z.string(),
      outcome: z.string(),
      item: z.unknown().optional(),
      reason: z.string().nullable(),
    }),
  ),
  next,
})

export const logs = z.object({
  records: z.array(z.object({ at: instant, level: z.string(), message: z.string() })),
  next,
})

const yearMs = 31_536_000_000

/** Nothing else of a job is decided from outside: its queue and lane are the processor's, its tenant is the caller's. */
export const enqueueBody = z.strictObject({
  input: z.unknown(),
  key: text.optional().describe('Answered with 409 when a kept job of this processor has it'),
  delayMs: z.number().min(0).max(yearMs).optional(),
  runAt: z.iso.datetime({ offset: true }).optional(),
  priority: z
    .union([z.enum(['low', 'normal', 'high']), z.number().int().min(-1_000_000).max(1_000_000)])
    .optional(),
  correlationId: text.optional(),
  tags: z.array(text).max(20).optional(),
  deadlineMs: z.number().int().min(1).max(yearMs).optional(),
})

export const enqueued = job.extend({ created: z.boolean(), statusUrl: z.string() })

export const retryBody = z.strictObject({ only: z.literal('failed').optional() }).optional()
export const noBody = z.strictObject({}).optional()
