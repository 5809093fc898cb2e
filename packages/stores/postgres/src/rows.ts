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
import type { Columns } from './recordset.js'
import { arrayOf } from './sql.js'

/** A `bigint`, which pg reads as text unless it was told otherwise. */
type Long = string | number

/** A row of `jobs` without the two columns that may be large. */
export interface HeadRow {
  readonly seq: Long
  readonly id: string
  readonly processor: string
  readonly queue: string
  readonly state: JobState
  /** The priority turned around, so that one index gives the order of a claim. */
  readonly rank: number
  readonly due_at: Long
  readonly lane: string | null
  readonly lane_limit: number
  readonly waits_for: number
  readonly token: Long
  readonly write_seq: Long
  readonly wish: PendingWish | null
  readonly key: string | null
  readonly tenant: string | null
  readonly correlation_id: string | null
  readonly group_name: string | null
  readonly created_at: Long
  readonly started_at: Long | null
  readonly ended_at: Long | null
  readonly attempts: Long | null
  readonly crashes: Long | null
  readonly interruptions: Long | null
  readonly throttles: Long | null
  readonly done: Long | null
  readonly failed: Long | null
  readonly skipped: Long | null
  readonly total: Long | null
  /** JSON. */
  readonly tags: string | null
  readonly note: string | null
  readonly memo: string | null
  readonly cursor: string | null
  readonly error: string | null
}

export interface JobRow extends HeadRow {
  readonly input: string
  readonly output: string | null
}

export const headColumns = `seq, id, processor, queue, state, rank, due_at, lane, lane_limit, waits_for, token, write_seq, wish,
  key, tenant, correlation_id, group_name, created_at, started_at, ended_at, attempts, crashes, interruptions, throttles,
  done, failed, skipped, total, array_to_json(tags)::text as tags, note, memo, cursor, error`

export const jobColumns = `${headColumns}, input, output`

/**
 * A row of a job that was just claimed, or empty: without what is the same for all of them, and with `null` for
 * numbers that are 0, since every value takes time to read.
 */
export type ClaimedRow = Omit<JobRow, 'seq' | 'state' | 'write_seq' | 'ended_at' | 'waits_for'>

const countNames = ['attempts', 'crashes', 'interruptions', 'throttles', 'done', 'failed', 'skipped']

export const claimedColumns = `id, processor, queue, rank, due_at, lane, lane_limit, token, wish, key, tenant,
  correlation_id, group_name, created_at, started_at, ${countNames.map(name => `nullif(${name}, 0) as ${name}`).join(', ')}, total,
  array_to_json(tags)::text as tags, note, memo, cursor, error, input, output`

export function toClaimed(row: ClaimedRow): Job {
  return jobOf(row, 'running', null, 0)
}

export function toJob(row: JobRow): Job {
  return jobOf(row, row.state, row.ended_at, row.waits_for)
}

/** Written out: it runs once for each job that is claimed. */
function jobOf(row: ClaimedRow, state: JobState, endedAt: Long | null, waitsFor: number): Job {
  return {
    id: fromStorable(row.id),
    processor: fromStorable(row.processor),
    queue: fromStorable(row.queue),
    input: fromStorable(row.input),
    priority: 0 - row.rank,
    key: shown(row.key),
    lane: shown(row.lane),
    laneLimit: row.lane_limit,
    tenant: shown(row.tenant),
    correlationId: shown(row.correlation_id),
    group: shown(row.group_name),
    note: shown(row.note),
    tags: row.tags === null ? [] : (JSON.parse(row.tags) as string[]).map(fromStorable),
    cursor: shown(row.cursor),
    output: shown(row.output),
    error: shown(row.error),
    memo: shown(row.memo),
    progress: {
      done: Number(row.done),
      failed: Number(row.failed),
      skipped: Number(row.skipped),
      total: long(row.total),
    },
    state,
    token: Number(row.token),
    wish: row.wish,
    waitsFor,
    attempts: Number(row.attempts),
    crashes: Number(row.crashes),
    interruptions: Number(row.interruptions),
    throttles: Number(row.throttles),
    createdAt: Number(row.created_at),
    dueAt: Number(row.due_at),
    startedAt: long(row.started_at),
    endedAt: long(endedAt),
  }
}

export function toHead(row: HeadRow): JobHead {
  const { input: _, output: __, ...head } = toJob({ ...row, input: '', output: null })
  return head
}

function long(value: Long | null): number | null {
  return value === null ? null : Number(value)
}

/** What an insert sends of a job. */
export const newColumns = {
  id: { type: 'text', of: job => toStorable(job.id) },
  processor: { type: 'text', of: job => toStorable(job.processor) },
  queue: { type: 'text', of: job => toStorable(job.queue) },
  input: { type: 'text', of: job => toStorable(job.input) },
  rank: { type: 'integer', of: job => 0 - job.priority },
  delay_ms: { type: 'bigint', of: job => Math.ceil(job.delayMs) },
  run_at: { type: 'bigint', of: job => (job.runAt === undefined ? null : Math.ceil(job.runAt)) },
  key: { type: 'text', of: job => kept(job.key) },
  lane: { type: 'text', of: job => kept(job.lane) },
  lane_limit: { type: 'integer', of: job => job.laneLimit },
  tenant: { type: 'text', of: job => kept(job.tenant) },
  correlation_id: { type: 'text', of: job => kept(job.correlationId) },
  group_name: { type: 'text', of: job => kept(job.group) },
  note: { type: 'text', of: job => kept(job.note) },
  tags: { type: 'text', of: job => (job.tags.length === 0 ? null : arrayOf(job.tags.map(toStorable))) },
} satisfies Columns<NewJob>

/** What a write sends of a job's work; what is absent is `undefined`. */
export const workColumns = {
  cursor: { type: 'text', of: work => kept(work.cursor) },
  output: { type: 'text', of: work => kept(work.output) },
  error: { type: 'text', of: work => kept(work.error) },
  memo: { type: 'text', of: work => kept(work.memo) },
  done: { type: 'bigint', of: work => work.progress?.done },
  failed: { type: 'bigint', of: work => work.progress?.failed },
  skipped: { type: 'bigint', of: work => work.progress?.skipped },
  total: { type: 'bigint', of: work => work.progress?.total },
  attempts: { type: 'bigint', of: work => work.attempts },
  crashes: { type: 'bigint', of: work => work.crashes },
  interruptions: { type: 'bigint', of: work => work.interruptions },
  throttles: { type: 'bigint', of: work => work.throttles },
} satisfies Columns<Partial<JobWork>>

/** How a text that may be missing is stored. */
export function kept<Missing extends null | undefined>(text: string | Missing): string | Missing {
  return typeof text === 'string' ? toStorable(text) : text
}

/** The text that was {@link kept}. */
export function shown(text: string | null): string | null {
  return text === null ? null : fromStorable(text)
}
