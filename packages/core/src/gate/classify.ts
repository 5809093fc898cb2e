import { isLonghaulError } from '../store/index.js'
import { parseRetryAfter } from './retry-after.js'

/** What an error of an outbound call means for the next try. */
export type Failure =
  /** The other side asks to come back later: in `retryAfterMs`, if it said when. */
  | { readonly kind: 'throttled'; readonly retryAfterMs: number | null }
  /** May go well next time: the network, a timeout, a server in trouble. */
  | { readonly kind: 'transient' }
  /** Would fail again. `answered`: the other side is well, and said no. */
  | { readonly kind: 'permanent'; readonly answered: boolean }

const permanent: Failure = { kind: 'permanent', answered: false }

const transientStatuses = new Set([408, 425])
const transientCodes = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ESOCKETTIMEDOUT',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_SOCKET',
])

/**
 * Judges any thrown value by its `code`, its HTTP `status` (also `statusCode`, `response.status`) and headers, its
 * `name`, and the same of its causes. Never throws.
 *
 * @param now Epoch milliseconds; what a `Retry-After` date is compared with.
 */
export function classifyError(error: unknown, now: number): Failure {
  try {
    return judge(error, now)
  } catch {
    return permanent
  }
}

function judge(error: unknown, now: number): Failure {
  if (read(error, 'code') === 'retry_after')
    return { kind: 'throttled', retryAfterMs: retryAfterOf(error, now) }
  if (isLonghaulError(error)) return permanent
  const status = statusOf(error)
  if (status !== undefined) return judgeStatus(status, retryAfterOf(error, now))
  return causesOf(error).some(isTransient) ? { kind: 'transient' } : permanent
}

function judgeStatus(status: number, retryAfterMs: number | null): Failure {
  if (status === 429 || (status === 503 && retryAfterMs !== null)) return { kind: 'throttled', retryAfterMs }
  if (status >= 500 || transientStatuses.has(status)) return { kind: 'transient' }
  return { kind: 'permanent', answered: true }
}

function isTransient(error: unknown): boolean {
  return transientCodes.has(String(read(error, 'code'))) || read(error, 'name') === 'TimeoutError'
}

/** The error and what caused it, at most 5 deep: `fetch` hides the reason there. */
function causesOf(error: unknown): unknown[] {
  const chain: unknown[] = []
  for (let link = error; link != null && chain.length < 5; link = read(link, 'cause')) chain.push(link)
  return chain
}

function statusOf(error: unknown): number | undefined {
  const found = [read(error, 'status'), read(error, 'statusCode'), read(read(error, 'response'), 'status')]
  return found.find(
    (status): status is number => Number.isInteger(status) && Number(status) >= 100 && Number(status) <= 599,
  )
}

function retryAfterOf(error: unknown, now: number): number | null {
  const stated = read(error, 'retryAfterMs')
  if (typeof stated === 'number' && stated >= 0) return stated
  const headers = read(error, 'headers') ?? read(read(error, 'response'), 'headers')
  return parseRetryAfter(headerOf(headers, 'retry-after'), now)
}

/** From a `Headers` object or a plain one, whose names may have any case. */
function headerOf(headers: unknown, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined
  const value = isHeaders(headers)
    ? headers.get(name)
    : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
  return value == null ? undefined : String(value)
}

function isHeaders(headers: object): headers is Pick<Headers, 'get'> {
  return typeof read(headers, 'get') === 'function'
}

function read(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
