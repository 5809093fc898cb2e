/**
 * The few members of `@opentelemetry/api` that are used, so that no type of it is part of ours. The package itself fits,
 * and so does any other object that has them.
 */
export interface OpenTelemetryApi {
  readonly trace: {
    getTracer(name: string): Tracer
    setSpan(context: object, span: Span): object
  }
  readonly metrics: { getMeter(name: string): Meter }
  readonly context: {
    active(): object
    with<Result>(context: object, work: () => Result): Result
  }
  createTraceState(text: string): TraceState
}

/** Of a `Tracer` of OpenTelemetry, what is used. */
export interface Tracer {
  startSpan(name: string, options?: SpanOptions, context?: object): Span
}

export interface SpanOptions {
  readonly kind?: number
  readonly attributes?: Attributes
  readonly links?: { context: SpanContext }[]
}

export interface Span {
  spanContext(): SpanContext
  setAttributes(attributes: Attributes): unknown
  setStatus(status: { code: number; message?: string }): unknown
  end(): void
}

export interface SpanContext {
  traceId: string
  spanId: string
  traceFlags: number
  isRemote?: boolean
  traceState?: TraceState
}

export interface TraceState {
  get(key: string): string | undefined
  set(key: string, value: string): TraceState
  unset(key: string): TraceState
  serialize(): string
}

/** Of a `Meter` of OpenTelemetry, what is used. */
export interface Meter {
  createCounter(name: string, options?: InstrumentOptions): { add(by: number, of?: Attributes): void }
  createHistogram(name: string, options?: InstrumentOptions): { record(value: number, of?: Attributes): void }
}

export interface InstrumentOptions {
  description?: string
  unit?: string
}

export type Attributes = Record<string, string | number | boolean>

/** The numbers of `SpanKind`. */
export const kinds = { client: 2, producer: 3, consumer: 4 } as const
/** The number of `SpanStatusCode.ERROR`. */
export const errorStatus = 2
