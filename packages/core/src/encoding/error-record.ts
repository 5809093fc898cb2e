import { isLonghaulError } from '../store/index.js'
import { parsedOr } from './unreadable.js'

/** An error as it is kept with a job or an item: what a person needs, and never more than a few kilobytes. */
export interface ErrorRecord {
  readonly name: string
  readonly code: string | null
  readonly message: string
  /** The errors that led to it, nearest first. At most 4. */
  readonly causes: readonly Pick<ErrorRecord, 'name' | 'code' | 'message'>[]
  readonly stack: string | null
}

/** The first and the latest error since the job last made progress: the first often tells more. */
export interface ErrorHistory {
  readonly first: ErrorRecord
  readonly last: ErrorRecord
}

const messageLimit = 2_000
const stackLimit = 4_000
const causeLimit = 4

/** Takes secrets out of a text. */
export type RedactText = (text: string) => string

/** Describes whatever was thrown: also a string, `null`, a proxy that throws, an error with a huge message. */
export function describeError(thrown: unknown, redact: RedactText): ErrorRecord {
  try {
    return {
      ...nameAndMessage(thrown, redact),
      code: codeOf(thrown, redact),
      causes: causesOf(thrown, redact),
      stack: stackOf(thrown, redact),
    }
  } catch {
    return {
      name: 'Error',
      code: null,
      message: 'Something was thrown that can not be read',
      causes: [],
      stack: null,
    }
  }
}

function nameAndMessage(thrown: unknown, redact: RedactText): { name: string; message: string } {
  if (thrown instanceof Error || isLonghaulError(thrown)) {
    return {
      name: tidy(`${thrown.name}`, 200, redact),
      message: tidy(`${thrown.message}`, messageLimit, redact),
    }
  }
  const message = `Thrown: ${typeof thrown === 'object' ? tag(thrown) : String(thrown)}`
  return { name: 'Error', message: tidy(message, messageLimit, redact) }
}

function tag(thrown: object | null): string {
  return thrown === null ? 'null' : Object.prototype.toString.call(thrown)
}

function codeOf(thrown: unknown, redact: RedactText): string | null {
  const code = (thrown as { code?: unknown } | null | undefined)?.code
  return typeof code === 'string' || typeof code === 'number' ? tidy(`${code}`, 100, redact) : null
}

function stackOf(thrown: unknown, redact: RedactText): string | null {
  const stack = (thrown as { stack?: unknown } | null | undefined)?.stack
  return typeof stack === 'string' ? tidy(stack, stackLimit, redact) : null
}

function causesOf(thrown: unknown, redact: RedactText): ErrorRecord['causes'] {
  const seen = new Set<unknown>([thrown])
  let cause = (thrown as { cause?: unknown } | null | undefined)?.cause
  while (cause !== undefined && cause !== null && !seen.has(cause) && seen.size <= causeLimit) {
    seen.add(cause)
    cause = (cause as { cause?: unknown }).cause
  }
  return [...seen].slice(1).map(cause => ({ ...nameAndMessage(cause, redact), code: codeOf(cause, redact) }))
}

/** Without secrets, and within its limit. A secret that was cut in half is no longer known as one, so that comes last. */
function tidy(text: string, limit: number, redact: RedactText): string {
  const clean = redact(text.length > 4 * limit ? wordsOf(text, 4 * limit) : text)
  return clean.length > limit || text.length > 4 * limit
    ? `${clean.slice(0, limit)}… (${text.length} characters)`
    : clean
}

/** The first words of a text. A word of more than 2,000 characters may be parted. */
function wordsOf(text: string, limit: number): string {
  const least = Math.max(0, limit - 2_000)
  let end = limit
  while (end > least && /\S/.test(text.charAt(end))) end--
  return text.slice(0, end > least ? end : limit)
}

/** `null` also for one that can't be read. */
export function readErrors(stored: string | null): ErrorHistory | null {
  return stored === null ? null : (parsedOr(stored, null) as ErrorHistory | null)
}

export function writeErrors(before: ErrorHistory | null, thrown: unknown, redact: RedactText): string {
  const last = describeError(thrown, redact)
  return JSON.stringify({ first: before?.first ?? last, last } satisfies ErrorHistory)
}
