import { describeError } from '../encoding/error-record.js'
import type { EngineEvent, Subject } from '../engine/events.js'
import type { RunnerEvents } from '../events.js'
import type { Redactor } from '../redact/index.js'
import type { Job } from '../store/index.js'

/** Takes one line for each event of a runner, as `console` does. */
export interface Logger {
  info(message: string, fields: LogFields): void
  warn(message: string, fields: LogFields): void
  error(message: string, fields: LogFields): void
}

/** What a line is about. What does not apply is not there. */
export interface LogFields {
  readonly event: keyof RunnerEvents
  readonly jobId?: string
  readonly processor?: string
  readonly queue?: string
  /** Starts at 1. */
  readonly attempt?: number
  /** How long the slice has taken, in milliseconds. */
  readonly durationMs?: number
  readonly tenant?: string
  readonly correlationId?: string
  /** The `code` of the error, or its name where it has none. */
  readonly errorCode?: string
  readonly errorMessage?: string
}

type Level = keyof Logger
type Told = Exclude<EngineEvent, { type: 'claimed' | 'beat' }>

const levels: Partial<Record<EngineEvent['type'], Level>> = {
  completed_with_errors: 'warn',
  retrying: 'warn',
  lost: 'warn',
  failed: 'error',
  stuck: 'error',
  error: 'error',
}

/** Writes the line of an event. One that the logger throws at goes to `onError`. */
export function createLog(logger: Logger, redactor: Redactor, onError: (error: unknown) => void) {
  function write(level: Level, fields: LogFields): void {
    try {
      logger[level](messageOf(fields), fields)
    } catch (error) {
      onError(error)
    }
  }

  return {
    enqueued: (job: Job) => write('info', { event: 'enqueued', ...jobFields(job, redactor) }),

    notify(event: EngineEvent): void {
      if (event.type === 'claimed' || event.type === 'beat') return
      write(levels[event.type] ?? 'info', fieldsOf(event, redactor))
    },
  }
}

function fieldsOf(event: Told, redactor: Redactor): LogFields {
  return {
    event: event.type === 'saved' ? 'progress' : event.type,
    ...(event.type !== 'error' && sliceFields(event.job, redactor)),
    ...('error' in event && errorFields(event.error, redactor)),
  }
}

function sliceFields({ claimed, tookMs }: Subject, redactor: Redactor): Partial<LogFields> {
  return { ...jobFields(claimed, redactor), attempt: claimed.attempts + 1, durationMs: tookMs }
}

function jobFields(job: Job, { id }: Redactor): Partial<LogFields> {
  return {
    jobId: job.id,
    processor: job.processor,
    queue: job.queue,
    ...(job.tenant !== null && { tenant: id(job.tenant) }),
    ...(job.correlationId !== null && { correlationId: id(job.correlationId) }),
  }
}

function errorFields(error: unknown, { text }: Redactor): Partial<LogFields> {
  const { code, name, message } = describeError(error, text)
  return { errorCode: code ?? name, errorMessage: message }
}

function messageOf({ event, processor }: LogFields): string {
  return processor === undefined ? `longhaul: ${event}` : `longhaul: ${processor} ${event}`
}
