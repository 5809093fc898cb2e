import type { Clock } from '../clock.js'
import { tooLate } from './deadline.js'
import type { HeldJob } from './held-job.js'
import { StopReason } from './stop-reason.js'

export interface Limits {
  /** Of the attempt. */
  readonly timeoutMs: number | undefined
  /** Of the job. */
  readonly leftMs: number | undefined
}

/** Tells a handler to stop when a limit is reached. Answers with what calls that off. */
export function startTimers(held: HeldJob, { timeoutMs, leftMs }: Limits, clock: Clock): () => void {
  if (timeoutMs === undefined && leftMs === undefined) return () => {}
  const over = new AbortController()
  const stopAfter = async (ms: number, reason: StopReason) => {
    await clock.sleep(ms, { signal: over.signal, background: true, unref: true })
    if (!over.signal.aborted) held.stop.abort(reason)
  }
  if (leftMs !== undefined)
    void stopAfter(leftMs, new StopReason('deadline_exceeded', tooLate(held.claimed).message))
  if (timeoutMs !== undefined)
    void stopAfter(timeoutMs, new StopReason('timed_out', `The attempt took longer than ${timeoutMs} ms`))
  return () => over.abort()
}
