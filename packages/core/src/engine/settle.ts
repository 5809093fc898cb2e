import type { Random } from '../clock.js'
import { nearestMs } from '../durations.js'
import { type RedactText, readErrors, writeErrors } from '../encoding/error-record.js'
import { judge, type RetryPolicy } from '../retry/policy.js'
import { type Job, LonghaulError, type Patch, type Progress, transitions } from '../store/index.js'
import type { Outcome } from './outcome.js'

/** What a slice is judged by. */
export interface Settling {
  readonly job: Job
  readonly progress: Progress
  /** Failures in a row without progress, before this slice. */
  readonly attempts: number
  /** Slices in a row without progress that were given back, before this one. */
  readonly idleSlices: number
  readonly retry: RetryPolicy
  readonly random: Random
  readonly redact: RedactText
}

export type SettledOutcome = Exclude<Outcome, { kind: 'lost' }>

/** What happened to the job, as its event. */
export type Settled =
  | 'completed'
  | 'completed_with_errors'
  | 'yielded'
  | 'throttled'
  | 'snoozed'
  | 'retrying'
  | 'failed'
  | 'cancelled'
  | 'paused'

export interface Settlement {
  readonly event: Settled
  readonly patch: Patch
}

/** A job that is given back this often without getting any further will never get further. */
const mostIdleSlices = 100

/** Pure: what to write for an outcome. All of retrying is decided here. */
export function settle(outcome: SettledOutcome, about: Settling): Settlement {
  const { job, progress } = about
  switch (outcome.kind) {
    case 'completed':
      return completed(outcome.output, progress)
    case 'cancelled':
      return { event: 'cancelled', patch: { state: to('cancel') } }
    case 'paused':
      return { event: 'paused', patch: { state: to('pause') } }
    case 'snoozed':
      return { event: 'snoozed', patch: { state: to('yielded'), delayMs: nearestMs(outcome.waitMs) } }
    case 'throttled':
      return {
        event: 'throttled',
        patch: { state: to('throttled'), delayMs: nearestMs(outcome.waitMs), throttles: job.throttles + 1 },
      }
    case 'yielded':
      return yielded(about)
    case 'failed':
      return failed(outcome.error, about)
  }
}

function completed(output: string, { failed }: Progress): Settlement {
  const event = failed > 0 ? 'completed_with_errors' : 'completed'
  return { event, patch: { state: to(event), output } }
}

function yielded(about: Settling): Settlement {
  if (about.idleSlices >= mostIdleSlices) return failed(noProgress(about.idleSlices), about)
  return { event: 'yielded', patch: { state: to('yielded'), interruptions: about.job.interruptions + 1 } }
}

function failed(thrown: unknown, { job, attempts, retry, random, redact }: Settling): Settlement {
  const attempt = attempts + 1
  const error = writeErrors(attempts === 0 ? null : readErrors(job.error), thrown, redact)
  const verdict = judge(retry, attempt, thrown, random)
  return verdict.retry
    ? {
        event: 'retrying',
        patch: { state: to('failed'), attempts: attempt, error, delayMs: verdict.delayMs },
      }
    : { event: 'failed', patch: { state: to('exhausted'), attempts: attempt, error } }
}

function to(event: keyof typeof transitions.running): NonNullable<Patch['state']> {
  return transitions.running[event] as NonNullable<Patch['state']>
}

function noProgress(slices: number): LonghaulError {
  const message = `The job was given back ${slices} times in a row without getting any further. Save a cursor more often, or give it more time.`
  return new LonghaulError('no_progress', message)
}

/** What a job fails with whose workers keep dying. */
export function crashed(crashes: number): LonghaulError {
  const message = `${crashes} workers in a row died, or lost their lease, while they held the job. Look for what ends the process, then retry it.`
  return new LonghaulError('crashed', message)
}
