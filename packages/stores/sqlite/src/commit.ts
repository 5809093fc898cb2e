import {
  type Committed,
  type ItemRecord,
  isEnded,
  type LogLine,
  type Patch,
  stateAfterRelease,
  toStorable,
  type Write,
} from '@longhaul/core/store'
import { insertJobs } from './insert.js'
import { type JobRow, kept, toJob, worked } from './rows.js'
import type { Sql, Values } from './sql.js'

export function commitWrites(sql: Sql, writes: readonly Write[]): Committed[] {
  const now = sql.now()
  return writes.map(write => commitWrite(sql, write, now))
}

/** Whether others may find more to claim afterwards: a due job, or a place in a lane. */
export function letsGo(writes: readonly Write[]): boolean {
  return writes.some(({ patch, follow }) => patch.state !== undefined || follow !== undefined)
}

function commitWrite(sql: Sql, write: Write, now: number): Committed {
  const row = sql.get<JobRow>('select * from {jobs} where id = ?', [toStorable(write.id)])
  if (!row) return { accepted: false, job: undefined }
  const isNewest = row.token === write.token
  const isRepeated = isNewest && write.seq <= row.write_seq
  const isHeld = isNewest && row.state === 'running' && row.due_at > now
  if (isRepeated || !isHeld) return { accepted: isRepeated, job: toJob(row) }
  return { accepted: true, job: toJob(apply(sql, row, write, now)) }
}

function apply(sql: Sql, row: JobRow, write: Write, now: number): JobRow {
  const next = placed({ ...worked(row, write.patch), write_seq: write.seq }, write.patch, now)
  const { text, columns } = write.patch.state ? release : save
  const values = columns.map(column => next[column])
  sql.run(text, values)
  keepRecords(sql, row.seq, write, now)
  return next
}

/** Whether the job stays held, and where it goes if it does not. */
function placed(row: JobRow, { state, leaseMs, delayMs = 0 }: Patch, now: number): JobRow {
  if (!state) return leaseMs === undefined ? row : { ...row, due_at: now + leaseMs }
  const next = stateAfterRelease(state, row.wish)
  return { ...row, state: next, wish: null, due_at: now + delayMs, ended_at: isEnded(next) ? now : null }
}

function keepRecords(sql: Sql, job: number, { follow = [], items = [], logs = [] }: Write, now: number) {
  if (follow.length > 0) insertJobs(sql, follow)
  for (const item of items) sql.run(itemSql, itemRow(job, item))
  for (const line of logs) sql.run(logSql, logRow(job, line, now))
}

function itemRow(job: number, { key, outcome, value, error }: ItemRecord): Values {
  return { job, key: toStorable(key), outcome, value: kept(value), error: kept(error) }
}

function logRow(job: number, { level, message }: LogLine, at: number): Values {
  return { job, at, level, message: toStorable(message) }
}

const texts = ['cursor', 'output', 'error', 'memo'] as const
const counts = ['done', 'failed', 'skipped', 'total'] as const
const mishaps = ['attempts', 'crashes', 'interruptions', 'throttles'] as const
const workColumns = ['write_seq', 'due_at', ...texts, ...counts, ...mishaps] as const

/** A job that stays held keeps its place in most indexes. */
const save = updateOf(workColumns)
const release = updateOf([...workColumns, 'state', 'wish', 'ended_at'])

function updateOf(columns: readonly (keyof JobRow)[]) {
  const assigned = columns.map(column => `${column} = ?`)
  return {
    columns: [...columns, 'seq' as const],
    text: `update {jobs} set ${assigned.join(', ')} where seq = ?`,
  }
}

const itemSql = `
  insert into {items} (job, place, key, outcome, value, error)
  values (@job, (select ifnull(max(place), 0) + 1 from {items} where job = @job), @key, @outcome, @value, @error)
  on conflict (job, key) do update set outcome = excluded.outcome, value = excluded.value, error = excluded.error`

const logSql = `
  insert into {logs} (job, place, at, level, message)
  values (@job, (select ifnull(max(place), 0) + 1 from {logs} where job = @job), @at, @level, @message)`
