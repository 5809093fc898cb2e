import { isLonghaulError } from '../../store/index.js'
import { headersOf, isAnswer, read, statusOf } from './headers.js'
import { exhaustedForMs, readRateLimits } from './rate-limits.js'
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
  if (status !== undefined) return judgeStatus(status, error, now)
  return causesOf(error).some(isTransient) ? { kind: 'transient' } : permanent
}

function judgeStatus(status: number, answer: unknown, now: number): Failure {
  const retryAfterMs = retryAfterOf(answer, now)
  const exhaustedMs = status === 429 || status === 403 ? exhaustedForMs(readRateLimits(answer, now)) : null
  if (isRefusal(status, retryAfterMs, exhaustedMs))
    return { kind: 'throttled', retryAfterMs: retryAfterMs ?? exhaustedMs }
  if (status >= 500 || transientStatuses.has(status)) return { kind: 'transient' }
  return { kind: 'permanent', answered: true }
}

/** Some say 403 to a call beyond the quota; then its headers say that nothing is left. */
function isRefusal(status: number, retryAfterMs: number | null, exhaustedMs: number | null): boolean {
  if (status === 429) return true
  return status === 503 ? retryAfterMs !== null : status === 403 && exhaustedMs !== null
}

/** Judges an answer that was returned, not thrown: `undefined` when it is no HTTP answer, or a good one. */
export function classifyAnswer(answer: unknown, now: number): Failure | undefined {
  try {
    const status = isAnswer(answer) ? statusOf(answer) : undefined
    return status === undefined || status < 400 ? undefined : judgeStatus(status, answer, now)
  } catch {
    return undefined
  }
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

function retryAfterOf(answer: unknown, now: number): number | null {
  const stated = read(answer, 'retryAfterMs')
  if (typeof stated === 'number' && stated >= 0) return stated
  return parseRetryAfter(headersOf(answer)?.('retry-after'), now)
}
