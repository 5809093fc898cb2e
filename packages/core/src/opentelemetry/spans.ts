import type { AttemptedJob, EnqueuedJob, Next, StoreCall } from '../middleware/index.js'
import { type Attributes, errorStatus, kinds, type OpenTelemetryApi, type Span, type Tracer } from './api.js'
import { spanContextOf, traceOf } from './trace-context.js'

const outcomeName = 'longhaul.job.outcome'

export interface SpansDeps {
  readonly api: OpenTelemetryApi
  readonly tracer: Tracer
}

/** The spans of a runner, named and described as the semantic conventions for messaging say. */
export function createSpans({ api, tracer }: SpansDeps) {
  /** What `next` does belongs to the span. It begins before anything is awaited. */
  async function within(span: Span, next: Next, onError = fail): Promise<unknown> {
    try {
      return await api.context.with(api.trace.setSpan(api.context.active(), span), next)
    } catch (error) {
      onError(span, error)
      throw error
    } finally {
      span.end()
    }
  }

  return {
    enqueue(job: EnqueuedJob, next: Next): Promise<unknown> {
      const options = { kind: kinds.producer, attributes: messaging(job, 'create') }
      const span = tracer.startSpan(`create ${job.queue}`, options)
      job.trace = traceOf(span.spanContext())
      return within(span, next)
    },

    attempt(job: AttemptedJob, next: Next): Promise<unknown> {
      const producer = spanContextOf(job.trace, api)
      const span = tracer.startSpan(`process ${job.queue}`, {
        kind: kinds.consumer,
        attributes: { ...messaging(job, 'process'), 'longhaul.job.attempt': job.attempt },
        links: producer ? [{ context: producer }] : [],
      })
      const completing = () => next().then(() => void span.setAttributes({ [outcomeName]: 'completed' }))
      return within(span, completing, (_, error) => conclude(span, job.outcomeOf(error), error))
    },

    storeCall({ name, store }: StoreCall, next: Next): Promise<unknown> {
      const attributes = { 'db.system.name': store, 'db.operation.name': name }
      return within(tracer.startSpan(`${name} ${store}`, { kind: kinds.client, attributes }), next)
    },
  }
}

function messaging(job: EnqueuedJob | AttemptedJob, operation: 'create' | 'process'): Attributes {
  return {
    'messaging.system': 'longhaul',
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
    'messaging.destination.name': job.queue,
    'messaging.message.id': job.id,
    ...(job.correlationId !== null && { 'messaging.message.conversation_id': job.correlationId }),
    'longhaul.processor': job.processor,
  }
}

/** A job that is given back has not failed, though its attempt throws. */
function conclude(span: Span, outcome: string, error: unknown): void {
  span.setAttributes({ [outcomeName]: outcome })
  if (outcome === 'failed' || outcome === 'lost') fail(span, error)
}

/** Without the stack and the message: they may hold what nobody may see there. */
function fail(span: Span, error: unknown): void {
  span.setAttributes({ 'error.type': errorType(error) })
  span.setStatus({ code: errorStatus })
}

function errorType(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown }
  return String(code ?? name ?? typeof error)
}
