import { codeOf } from './error-code.js'
import type { StopCode } from './stop-reason.js'
import type { StopSignal } from './stop-signal.js'

/** How a slice ended, before it is judged what that means for the job. */
export type Outcome =
  | { readonly kind: 'completed'; readonly output: string }
  | { readonly kind: 'yielded' | 'cancelled' | 'paused' }
  | { readonly kind: 'throttled' | 'snoozed'; readonly waitMs: number }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'lost'; readonly error: unknown }

type Stop = Pick<StopSignal, 'aborted' | 'reason'>

const stopped: Record<StopCode, Exclude<Outcome['kind'], 'completed' | 'throttled' | 'snoozed' | 'lost'>> = {
  cancelled: 'cancelled',
  paused: 'paused',
  stopping: 'yielded',
  timed_out: 'failed',
  deadline_exceeded: 'failed',
}

/** Pure: whoever returns is done, unless its time was over. */
export function outcomeOfReturn(output: string, { reason }: Stop): Outcome {
  const stop = outcomeOfStop(reason)
  return stop.kind === 'failed' ? stop : { kind: 'completed', output }
}

/** Pure: what an error that left a handler says about the job. Once the work was told to stop, that is why it ended. */
export function outcomeOf(error: unknown, stop: Stop): Outcome {
  if (codeOf(error) === 'lease_lost') return { kind: 'lost', error }
  if (stop.aborted) return outcomeOfStop(stop.reason)
  switch (codeOf(error)) {
    case 'hand_over':
    case 'store_unavailable':
    case 'store_busy':
      return { kind: 'yielded' }
    case 'throttled':
      return { kind: 'throttled', waitMs: (error as unknown as { waitMs: number }).waitMs }
    case 'retry_after':
      return { kind: 'throttled', waitMs: (error as unknown as { retryAfterMs: number }).retryAfterMs }
    case 'snooze':
      return { kind: 'snoozed', waitMs: (error as unknown as { snoozeMs: number }).snoozeMs }
    default:
      return { kind: 'failed', error }
  }
}

function outcomeOfStop(reason: unknown): Outcome {
  const kind = stopped[codeOf(reason) as StopCode]
  if (!kind) return { kind: 'lost', error: reason }
  return kind === 'failed' ? { kind, error: reason } : { kind }
}
