import type { Trace } from '../encoding/note.js'
import type { OpenTelemetryApi, SpanContext } from './api.js'

const header = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-|$)/

/** As W3C Trace Context writes it. */
export function traceOf({ traceId, spanId, traceFlags, traceState }: SpanContext): Trace {
  const flags = traceFlags.toString(16).padStart(2, '0')
  return { traceparent: `00-${traceId}-${spanId}-${flags}`, tracestate: traceState?.serialize() || undefined }
}

/** `undefined` for a trace that is none. */
export function spanContextOf(trace: Trace | undefined, api: OpenTelemetryApi): SpanContext | undefined {
  const [, traceId, spanId, flags] = header.exec(trace?.traceparent ?? '') ?? []
  if (!traceId || !spanId || !flags || isZero(traceId) || isZero(spanId)) return undefined
  const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true }
  return trace?.tracestate ? { ...context, traceState: api.createTraceState(trace.tracestate) } : context
}

function isZero(id: string): boolean {
  return /^0+$/.test(id)
}
