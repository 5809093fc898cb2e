import type { Random } from '../clock.js'
import { OptionsError } from '../errors.js'
import { type Backoff, backoffMs, checkBackoff, defaultBackoff } from './backoff.js'

/** What becomes of a job whose handler failed. */
export interface RetryPolicy {
  /**
   * How often the job may fail in a row before it is `failed`; the first run counts. Progress (a cursor that
   * moved) starts the count anew. From 1 to 1_000.
   *
   * @defaultValue 3
   */
  readonly attempts?: number
  /** @defaultValue exponential from 1 s, at most an hour, full jitter */
  readonly backoff?: Backoff
  /**
   * Whether another attempt may help. By default everything is tried again but `Fatal`, an input or a result
   * that can't be stored, and errors whose `status` is an HTTP 4xx other than 408, 409, 425 and 429.
   */
  readonly retryable?: (error: unknown) => boolean
}

export type Verdict = { readonly retry: true; readonly delayMs: number } | { readonly retry: false }

/** Pure: whether the failure number `attempt` is followed by another attempt, and when. */
export function judge(policy: RetryPolicy, attempt: number, error: unknown, random: Random): Verdict {
  const { attempts = 3, backoff = defaultBackoff, retryable = isRetryable } = policy
  if (attempt >= attempts || !answers(retryable, error)) return { retry: false }
  return { retry: true, delayMs: backoffMs(backoff, attempt, error, random) }
}

/** A predicate that throws is taken as "yes": the job's own limit still ends it. */
function answers(retryable: (error: unknown) => boolean, error: unknown): boolean {
  if (isHopeless(error)) return false
  try {
    return retryable(error)
  } catch {
    return true
  }
}

const hopelessCodes = new Set([
  'fatal',
  'invalid_input',
  'not_storable',
  'too_large',
  'too_many_items_failed',
  'cursor_stuck',
  'duplicate_item',
  'item_not_kept',
  'crashed',
  'deadline_exceeded',
  'no_progress',
  'once_full',
  'once_unsaved',
  'once_unsure',
  'payload_damaged',
  'payload_too_large',
])
const hopefulStatuses = new Set([408, 409, 425, 429])

/** What no policy can change. */
function isHopeless(error: unknown): boolean {
  return hopelessCodes.has((error as { code?: string } | null | undefined)?.code ?? '')
}

function isRetryable(error: unknown): boolean {
  const { status } = (error ?? {}) as { status?: unknown }
  return !(typeof status === 'number' && status >= 400 && status < 500 && !hopefulStatuses.has(status))
}

/** @throws {OptionsError} when a number is out of range. */
export function checkRetryPolicy(option: string, policy: RetryPolicy): void {
  const { attempts = 3, backoff } = policy
  if (!Number.isInteger(attempts) || attempts < 1 || attempts > 1_000) {
    throw new OptionsError(`${option}.attempts`, `must be an integer from 1 to 1,000, not ${attempts}`)
  }
  if (backoff) checkBackoff(`${option}.backoff`, backoff)
}
