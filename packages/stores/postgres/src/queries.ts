import {
  type Counts,
  fromStorable,
  type ItemRecord,
  type Job,
  type JobFilter,
  type JobPage,
  type JobState,
  type LogLine,
  type Page,
  type RecordPage,
  type StoredLogLine,
  toStorable,
  transitions,
} from '@longhaul/core/store'
import { matching } from './filters.js'
import { type HeadRow, headColumns, type JobRow, jobColumns, shown, toHead, toJob } from './rows.js'
import type { Sql } from './sql.js'

export async function getJob(sql: Sql, id: string): Promise<Job | undefined> {
  const row = await sql.get<JobRow>(`select ${jobColumns} from {jobs} where id = @id`, { id: toStorable(id) })
  return row && toJob(row)
}

export async function listJobs(sql: Sql, filter: JobFilter, page: Page): Promise<JobPage> {
  const { sql: condition, values } = matching(filter)
  const text = `
    select ${headColumns} from {jobs}
    where ${condition} and seq < coalesce(@after::bigint, 9223372036854775807)
    order by seq desc limit @limit`
  const { rows, next } = await onePage(
    page,
    range => sql.all<HeadRow>(text, { ...values, ...range }),
    row => row.seq,
  )
  return { jobs: rows.map(toHead), next }
}

export function jobRecords(sql: Sql, jobId: string, kind: 'items' | 'logs', page: Page) {
  return kind === 'items'
    ? records<ItemRow, ItemRecord>(sql, jobId, 'items', page, toItem)
    : records<LogRow, StoredLogLine>(sql, jobId, 'logs', page, toLogLine)
}

async function records<Row extends { place: string }, Shown>(
  sql: Sql,
  jobId: string,
  table: 'items' | 'logs',
  page: Page,
  show: (row: Row) => Shown,
): Promise<RecordPage<Shown>> {
  const text = `
    select * from {${table}}
    where job = (select seq from {jobs} where id = @id) and place > coalesce(@after::bigint, 0)
    order by place limit @limit`
  const id = toStorable(jobId)
  const { rows, next } = await onePage(
    page,
    range => sql.all<Row>(text, { id, ...range }),
    row => row.place,
  )
  return { records: rows.map(show), next }
}

/** Reads one row more than asked, to know whether there is a next page. */
async function onePage<Row>(
  { limit, after }: Page,
  read: (range: { limit: number; after: string | null }) => Promise<Row[]>,
  place: (row: Row) => string | number,
) {
  const found = await read({ limit: limit + 1, after: after ?? null })
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  return { rows, next: last !== undefined && found.length > limit ? String(place(last)) : null }
}

export async function countJobs(sql: Sql, filter: JobFilter): Promise<Counts> {
  const { sql: condition, values } = matching(filter)
  const rows = await sql.all<CountRow>(countSql(condition), values)
  const sum = (column: 'done' | 'failed' | 'skipped' | 'total') =>
    rows.reduce((all, row) => all + Number(row[column]), 0)
  const dueInMs = known(rows, 'due_in_ms')
  const startedAt = known(rows, 'started_at')
  return {
    states: { ...noJobs(), ...Object.fromEntries(rows.map(row => [row.state, Number(row.jobs)])) },
    progress: { done: sum('done'), failed: sum('failed'), skipped: sum('skipped'), total: sum('total') },
    dueInMs: dueInMs.length > 0 ? Math.min(...dueInMs) : null,
    startedAt: filter.group !== undefined && startedAt.length > 0 ? Math.min(...startedAt) : null,
  }
}

function known(rows: readonly CountRow[], column: 'due_in_ms' | 'started_at'): number[] {
  return rows.flatMap(row => (row[column] === null ? [] : [Number(row[column])]))
}

function noJobs() {
  return Object.fromEntries(Object.keys(transitions).map(state => [state, 0])) as Record<JobState, number>
}

const countSql = (condition: string) => `
  select state, count(*) as jobs, sum(done) as done, sum(failed) as failed, sum(skipped) as skipped,
    coalesce(sum(total), 0) as total,
    min(case when state in ('waiting', 'running') then due_at end) - {now} as due_in_ms,
    min(started_at) as started_at
  from {jobs} where ${condition} group by state`

/** Counts and sums are wider than a number of JavaScript, so pg reads them as text. */
interface CountRow {
  readonly state: JobState
  readonly jobs: string
  readonly done: string
  readonly failed: string
  readonly skipped: string
  readonly total: string
  readonly due_in_ms: string | null
  readonly started_at: string | null
}

interface ItemRow {
  readonly place: string
  readonly key: string
  readonly outcome: ItemRecord['outcome']
  readonly value: string | null
  readonly error: string | null
}

interface LogRow {
  readonly place: string
  readonly at: string
  readonly level: LogLine['level']
  readonly message: string
}

function toItem({ key, outcome, value, error }: ItemRow): ItemRecord {
  return { key: fromStorable(key), outcome, value: shown(value), error: shown(error) }
}

function toLogLine({ at, level, message }: LogRow): StoredLogLine {
  return { at: Number(at), level, message: fromStorable(message) }
}
