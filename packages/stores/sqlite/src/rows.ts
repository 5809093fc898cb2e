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

/** What becomes a row. */
export type NewRow = Omit<JobRow, 'seq'>

export const headColumns = `seq, id, processor, queue, state, rank, due_at, lane, lane_limit, token, write_seq, wish,
  key, tenant, correlation_id, created_at, started_at, ended_at, attempts, crashes, interruptions, throttles,
  done, failed, skipped, total, tags, memo, cursor, error`

export function toJob(row: NewRow): Job {
  return { input: fromStorable(row.input), output: shown(row.output), ...toHead(row) }
}

export function toHead(row: Omit<HeadRow, 'seq'>): JobHead {
  const { done, failed, skipped, total } = row
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
    state: row.state,
    token: row.token,
    wish: row.wish,
    attempts: row.attempts,
    crashes: row.crashes,
    interruptions: row.interruptions,
    throttles: row.throttles,
    createdAt: row.created_at,
    dueAt: row.due_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  }
}

export function newRow(job: NewJob, now: number): NewRow {
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
    ...unworked,
  }
}

/** How every row begins. V8 adds members to what was spread before them many times slower than it spreads behind. */
const unworked = {
  state: 'waiting',
  token: 0,
  write_seq: 0,
  wish: null,
  started_at: null,
  ended_at: null,
  attempts: 0,
  crashes: 0,
  interruptions: 0,
  throttles: 0,
  done: 0,
  failed: 0,
  skipped: 0,
  total: null,
  memo: null,
  cursor: null,
  error: null,
  output: null,
} as const

/** The row after its holder wrote `work`; what is absent there stays. */
export function worked(row: JobRow, work: Partial<JobWork>): JobRow {
  const { done, failed, skipped, total } = work.progress ?? row
  return {
    ...row,
    attempts: work.attempts ?? row.attempts,
    crashes: work.crashes ?? row.crashes,
    interruptions: work.interruptions ?? row.interruptions,
    throttles: work.throttles ?? row.throttles,
    done,
    failed,
    skipped,
    total,
    memo: keptOr(work.memo, row.memo),
    cursor: keptOr(work.cursor, row.cursor),
    error: keptOr(work.error, row.error),
    output: keptOr(work.output, row.output),
  }
}

function keptOr(text: string | null | undefined, stored: string | null): string | null {
  return text === undefined ? stored : kept(text)
}

/** How a text that may be missing is stored. */
export function kept<Missing extends null | undefined>(text: string | Missing): string | Missing {
  return typeof text === 'string' ? toStorable(text) : text
}

/** The text that was {@link kept}. */
export function shown(text: string | null): string | null {
  return text === null ? null : fromStorable(text)
}
