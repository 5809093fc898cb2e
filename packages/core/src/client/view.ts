import { iso } from '../durations.js'
import type { ErrorHistory } from '../encoding/error-record.js'
import { readNote } from '../encoding/note.js'
import { memoOf } from '../engine/memo.js'
import { type Counters, type Eta, estimate } from '../progress/index.js'
import type { Job, JobHead, JobState, PendingWish, Progress } from '../store/index.js'
import { Reading, type UnreadablePart } from './reading.js'

/** A job as it is shown. Instants are ISO 8601 in UTC. */
export interface JobView {
  readonly id: string
  readonly processor: string
  readonly queue: string
  readonly state: JobState
  /** What a person asked for and its worker has not seen yet. */
  readonly wish: PendingWish | null
  readonly priority: number
  readonly key: string | null
  readonly lane: string | null
  readonly tenant: string | null
  readonly correlationId: string | null
  readonly tags: readonly string[]
  readonly group: string | null
  /** What started it. */
  readonly trigger: string | null
  /** How many jobs it still waits for. A `cancelled` one that waits for some waited in vain. */
  readonly waitsFor: number
  readonly progress: ProgressView
  readonly counters: Counters
  /** `null` while unknown, and for a job that is paused or ended. */
  readonly eta: Eta | null
  /** Failures of the handler since the job last made progress. */
  readonly attempts: number
  /** Workers that died on it since it last made progress. */
  readonly crashes: number
  readonly interruptions: number
  readonly throttles: number
  /** What went wrong since the job last made progress: the first and the latest error. */
  readonly errors: ErrorHistory | null
  /** What of the job can't be read here, and is left out. `null` when all can. */
  readonly unreadable: readonly UnreadablePart[] | null
  readonly createdAt: string
  /** When it may start; while it runs, when its lease ends. */
  readonly dueAt: string
  readonly startedAt: string | null
  readonly endedAt: string | null
}

/** How far a job is, in items. */
export interface ProgressView extends Progress {
  /** From 0 to 100; `null` while the total is unknown. */
  readonly percent: number | null
}

/** One job, whole. */
export interface JobDetails<Output = unknown> extends JobView {
  /** `undefined` when it can't be read. */
  readonly input: unknown
  /** `undefined` until the job is completed. */
  readonly output: Output | undefined
}

export function viewJob(job: JobHead, now: number): JobView {
  return viewHead(job, now, new Reading())
}

export function viewJobDetails<Output>(job: Job, now: number): JobDetails<Output> {
  const reading = new Reading()
  const input = reading.json('input', job.input)
  const output = reading.json('output', job.output) as Output | undefined
  return Object.assign(viewHead(job, now, reading), { input, output })
}

function viewHead(job: JobHead, now: number, reading: Reading): JobView {
  const { counters, eta } = memoOf(reading.json('notes', job.memo))
  const errors = (reading.json('errors', job.error) ?? null) as ErrorHistory | null
  reading.check('cursor', job.cursor)
  const createdAt = iso(job.createdAt)
  return {
    id: job.id,
    processor: job.processor,
    queue: job.queue,
    state: job.state,
    wish: job.wish,
    priority: job.priority,
    key: job.key,
    lane: job.lane,
    tenant: job.tenant,
    correlationId: job.correlationId,
    tags: job.tags,
    group: job.group,
    trigger: readNote(job.note).trigger ?? null,
    waitsFor: job.waitsFor,
    progress: viewProgress(job.progress),
    counters,
    eta: isUnderWay(job.state) ? estimate(eta, { ...job.progress, now }) : null,
    attempts: job.attempts,
    crashes: job.crashes,
    interruptions: job.interruptions,
    throttles: job.throttles,
    errors,
    unreadable: reading.unreadable,
    createdAt,
    dueAt: job.dueAt === job.createdAt ? createdAt : iso(job.dueAt),
    startedAt: job.startedAt === null ? null : iso(job.startedAt),
    endedAt: job.endedAt === null ? null : iso(job.endedAt),
  }
}

function isUnderWay(state: JobState): boolean {
  return state === 'waiting' || state === 'running'
}

/** What is done can turn out to be more than was counted at the start; a share never is above 100 %. */
function viewProgress(progress: Progress): ProgressView {
  const { done, total } = progress
  if (total === null) return { ...progress, percent: null }
  const whole = Math.max(total, done)
  return { ...progress, total: whole, percent: whole === 0 ? 100 : (done / whole) * 100 }
}
