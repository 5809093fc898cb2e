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

/** Describes whatever was thrown: also a string, `null`, a proxy that throws, an error with a huge message. */
export function describeError(thrown: unknown): ErrorRecord {
  try {
    return {
      ...nameAndMessage(thrown),
      code: codeOf(thrown),
      causes: causesOf(thrown),
      stack: stackOf(thrown),
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

function nameAndMessage(thrown: unknown): { name: string; message: string } {
  if (thrown instanceof Error || isLonghaulError(thrown)) {
    return { name: cut(`${thrown.name}`, 200), message: cut(`${thrown.message}`, messageLimit) }
  }
  return {
    name: 'Error',
    message: cut(`Thrown: ${typeof thrown === 'object' ? tag(thrown) : String(thrown)}`, messageLimit),
  }
}

function tag(thrown: object | null): string {
  return thrown === null ? 'null' : Object.prototype.toString.call(thrown)
}

function codeOf(thrown: unknown): string | null {
  const code = (thrown as { code?: unknown } | null | undefined)?.code
  return typeof code === 'string' || typeof code === 'number' ? cut(`${code}`, 100) : null
}

function stackOf(thrown: unknown): string | null {
  const stack = (thrown as { stack?: unknown } | null | undefined)?.stack
  return typeof stack === 'string' ? cut(stack, stackLimit) : null
}

function causesOf(thrown: unknown): ErrorRecord['causes'] {
  const seen = new Set<unknown>([thrown])
  let cause = (thrown as { cause?: unknown } | null | undefined)?.cause
  while (cause !== undefined && cause !== null && !seen.has(cause) && seen.size <= causeLimit) {
    seen.add(cause)
    cause = (cause as { cause?: unknown }).cause
  }
  return [...seen].slice(1).map(cause => ({ ...nameAndMessage(cause), code: codeOf(cause) }))
}

function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit)}… (${text.length} characters)` : text
}

/** `null` also for one that can't be read. */
export function readErrors(stored: string | null): ErrorHistory | null {
  return stored === null ? null : (parsedOr(stored, null) as ErrorHistory | null)
}

export function writeErrors(before: ErrorHistory | null, thrown: unknown): string {
  const last = describeError(thrown)
  return JSON.stringify({ first: before?.first ?? last, last } satisfies ErrorHistory)
}
