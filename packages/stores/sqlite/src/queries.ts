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
import { headColumns, type JobRow, jobColumns, seqOf, shown, toHead, toJob } from './rows.js'
import type { Sql } from './sql.js'

export function getJob(sql: Sql, id: string): Job | undefined {
  const [row] = sql.rows<JobRow>(`select ${jobColumns()} from {jobs} where id = ?`, [toStorable(id)])
  return row && toJob(row)
}

export function listJobs(sql: Sql, filter: JobFilter, page: Page): JobPage {
  const { sql: condition, values } = matching(filter)
  const text = `
    select ${headColumns} from {jobs} where ${condition} and (@after is null or seq < @after)
    order by seq desc limit @limit`
  const { rows, next } = onePage(page, range => sql.rows<JobRow>(text, { ...values, ...range }), seqOf)
  return { jobs: rows.map(toHead), next }
}

export function jobRecords(sql: Sql, jobId: string, kind: 'items' | 'logs', page: Page) {
  return kind === 'items'
    ? records<ItemRow, ItemRecord>(sql, jobId, 'items', page, toItem)
    : records<LogRow, StoredLogLine>(sql, jobId, 'logs', page, toLogLine)
}

function records<Row extends { place: number }, Shown>(
  sql: Sql,
  jobId: string,
  table: 'items' | 'logs',
  page: Page,
  show: (row: Row) => Shown,
): RecordPage<Shown> {
  const text = `
    select * from {${table}}
    where job = (select seq from {jobs} where id = @id) and place > ifnull(@after, 0)
    order by place limit @limit`
  const id = toStorable(jobId)
  const { rows, next } = onePage(
    page,
    range => sql.all<Row>(text, { id, ...range }),
    row => row.place,
  )
  return { records: rows.map(show), next }
}

/** Reads one row more than asked, to know whether there is a next page. */
function onePage<Row>(
  { limit, after }: Page,
  read: (range: { limit: number; after: number | null }) => Row[],
  place: (row: Row) => number,
) {
  const found = read({ limit: limit + 1, after: after === undefined ? null : Number(after) })
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  return { rows, next: last !== undefined && found.length > limit ? String(place(last)) : null }
}

export function countJobs(sql: Sql, filter: JobFilter): Counts {
  const { sql: condition, values } = matching(filter)
  const rows = sql.all<CountRow>(countSql(condition), values)
  const sum = (column: 'done' | 'failed' | 'skipped' | 'total') =>
    rows.reduce((all, row) => all + row[column], 0)
  const dueAt = known(rows, 'due_at')
  const startedAt = known(rows, 'started_at')
  return {
    states: { ...noJobs(), ...Object.fromEntries(rows.map(row => [row.state, row.jobs])) },
    progress: { done: sum('done'), failed: sum('failed'), skipped: sum('skipped'), total: sum('total') },
    dueInMs: dueAt.length > 0 ? Math.min(...dueAt) - sql.now() : null,
    startedAt: filter.group !== undefined && startedAt.length > 0 ? Math.min(...startedAt) : null,
  }
}

function known(rows: readonly CountRow[], column: 'due_at' | 'started_at'): number[] {
  return rows.flatMap(row => row[column] ?? [])
}

function noJobs() {
  return Object.fromEntries(Object.keys(transitions).map(state => [state, 0])) as Record<JobState, number>
}

const countSql = (condition: string) => `
  select state, count(*) as jobs, sum(done) as done, sum(failed) as failed, sum(skipped) as skipped,
    ifnull(sum(total), 0) as total, min(case when state in ('waiting', 'running') then due_at end) as due_at,
    min(started_at) as started_at
  from {jobs} where ${condition} group by state`

interface CountRow {
  readonly state: JobState
  readonly jobs: number
  readonly done: number
  readonly failed: number
  readonly skipped: number
  readonly total: number
  readonly due_at: number | null
  readonly started_at: number | null
}

interface ItemRow {
  readonly place: number
  readonly key: string
  readonly outcome: ItemRecord['outcome']
  readonly value: string | null
  readonly error: string | null
}

interface LogRow {
  readonly place: number
  readonly at: number
  readonly level: LogLine['level']
  readonly message: string
}

function toItem({ key, outcome, value, error }: ItemRow): ItemRecord {
  return { key: fromStorable(key), outcome, value: shown(value), error: shown(error) }
}

function toLogLine({ at, level, message }: LogRow): StoredLogLine {
  return { at, level, message: fromStorable(message) }
}
