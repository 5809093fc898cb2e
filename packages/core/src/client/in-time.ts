import type { Clock } from '../clock.js'
import { checkMs } from '../durations.js'

export interface TimeLimit {
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number | undefined
}

/**
 * Waits with a signal that aborts with the caller's, or when the time is over; it leaves no timer behind.
 *
 * @throws {OptionsError} for a `timeoutMs` out of range.
 */
export async function inTime<Result>(
  { signal: given, timeoutMs }: TimeLimit,
  clock: Clock,
  wait: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  if (timeoutMs !== undefined) checkMs('timeoutMs', timeoutMs)
  const giveUp = new AbortController()
  const signal = given ? AbortSignal.any([given, giveUp.signal]) : giveUp.signal
  if (timeoutMs !== undefined) {
    void clock.sleep(timeoutMs, { signal, background: true }).then(() => giveUp.abort())
  }
  try {
    return await wait(signal)
  } finally {
    giveUp.abort()
  }
}
