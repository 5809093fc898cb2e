import {
  fromStorable,
  type Job,
  type JobHead,
  type JobState,
  type JobWork,
  type NewJob,
  type PendingWish,
  toStorable,
} from '@longhaul/core/store'
import type { Values } from './sql.js'

/** A row of `jobs` without the two columns that may be large. */
export interface HeadRow {
  readonly seq: number
  readonly id: string
  readonly processor: string
  readonly queue: string
  readonly state: JobState
  /** The priority turned around, so that one index gives the order of a claim. */
  readonly rank: number
  readonly due_at: number
  readonly lane: string | null
  readonly lane_limit: number
  readonly token: number
  readonly write_seq: number
  readonly wish: PendingWish | null
  readonly key: string | null
  readonly tenant: string | null
  readonly correlation_id: string | null
  readonly created_at: number
  readonly started_at: number | null
  readonly ended_at: number | null
  readonly attempts: number
  readonly crashes: number
  readonly interruptions: number
  readonly throttles: number
  readonly done: number
  readonly failed: number
  readonly skipped: number
  readonly total: number | null
  readonly tags: string
  readonly memo: string | null
  readonly cursor: string | null
  readonly error: string | null
}

export interface JobRow extends HeadRow {
  readonly input: string
  readonly output: string | null
}

export const headColumns = `seq, id, processor, queue, state, rank, due_at, lane, lane_limit, token, write_seq, wish,
  key, tenant, correlation_id, created_at, started_at, ended_at, attempts, crashes, interruptions, throttles,
  done, failed, skipped, total, tags, memo, cursor, error`

export function toJob(row: JobRow): Job {
  return { ...toHead(row), input: fromStorable(row.input), output: shown(row.output) }
}

export function toHead(row: HeadRow): JobHead {
  const { state, token, wish, attempts, crashes, interruptions, throttles, done, failed, skipped, total } =
    row
  return {
    id: fromStorable(row.id),
    processor: fromStorable(row.processor),
    queue: fromStorable(row.queue),
    priority: 0 - row.rank,
    key: shown(row.key),
    lane: shown(row.lane),
    laneLimit: row.lane_limit,
    tenant: shown(row.tenant),
    correlationId: shown(row.correlation_id),
    tags: JSON.parse(row.tags) as string[],
    cursor: shown(row.cursor),
    error: shown(row.error),
    memo: shown(row.memo),
    progress: { done, failed, skipped, total },
    ...{ state, token, wish, attempts, crashes, interruptions, throttles },
    createdAt: row.created_at,
    dueAt: row.due_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  }
}

export function newRow(job: NewJob, now: number): Values {
  return {
    id: toStorable(job.id),
    processor: toStorable(job.processor),
    queue: toStorable(job.queue),
    input: toStorable(job.input),
    rank: 0 - job.priority,
    due_at: job.runAt ?? now + job.delayMs,
    key: kept(job.key),
    lane: kept(job.lane),
    lane_limit: job.laneLimit,
    tenant: kept(job.tenant),
    correlation_id: kept(job.correlationId),
    tags: JSON.stringify(job.tags),
    created_at: now,
  }
}

/** The columns that `work` sets; what is absent has none. */
export function workColumns(work: Partial<JobWork>): Values {
  const { cursor, output, error, memo, progress, attempts, crashes, interruptions, throttles } = work
  const { done, failed, skipped, total } = progress ?? {}
  const texts = { cursor: kept(cursor), output: kept(output), error: kept(error), memo: kept(memo) }
  return given({ ...texts, done, failed, skipped, total, attempts, crashes, interruptions, throttles })
}

function given(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

/** How a text that may be missing is stored. */
export function kept<Missing extends null | undefined>(text: string | Missing): string | Missing {
  return typeof text === 'string' ? toStorable(text) : text
}

/** The text that was {@link kept}. */
export function shown(text: string | null): string | null {
  return text === null ? null : fromStorable(text)
}
