import * as installed from '@opentelemetry/api'
import type { Middleware } from '../middleware/index.js'
import type { Meter, OpenTelemetryApi, Tracer } from './api.js'
import { createMeasures } from './measures.js'
import { createSpans } from './spans.js'

export type { Meter, OpenTelemetryApi, Tracer } from './api.js'

/** Where spans and metrics go. */
export interface OpenTelemetryOptions {
  /** @defaultValue the global provider's */
  readonly tracer?: Tracer
  /** @defaultValue the global provider's */
  readonly meter?: Meter
  /** Where contexts and providers come from. @defaultValue `@opentelemetry/api` as it is installed */
  readonly api?: OpenTelemetryApi
  /** Whether each call of the store has a span, below the span that it belongs to. @defaultValue false */
  readonly storeSpans?: boolean
}

/**
 * Spans and metrics of a runner, as middleware. A job's enqueue is a `create` span, each attempt a `process` span that is
 * linked to it, also in another process; what a handler does is part of its attempt.
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Middleware {
  const { api = installed, storeSpans = false } = options
  const { tracer = api.trace.getTracer('longhaul'), meter = api.metrics.getMeter('longhaul') } = options
  const spans = createSpans({ api, tracer })
  const measures = createMeasures(meter)
  return {
    enqueue: spans.enqueue,
    attempt: (job, next) => spans.attempt(job, () => measures.attempt(job, next)),
    storeCall: (call, next) => {
      const measured = () => measures.storeCall(call, next)
      return storeSpans ? spans.storeCall(call, measured) : measured()
    },
  }
}
