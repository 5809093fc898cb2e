import {
  type Committed,
  type ItemRecord,
  isEnded,
  type JobState,
  type LogLine,
  type PendingWish,
  toStorable,
  type Write,
} from '@longhaul/core/store'
import { insertJobs } from './insert.js'
import { type JobRow, kept, toJob, workColumns } from './rows.js'
import { assignments, type Sql, type Values } from './sql.js'

export function commitWrites(sql: Sql, writes: readonly Write[]): Committed[] {
  return writes.map(write => commitWrite(sql, write))
}

/** Whether others may find more to claim afterwards: a due job, or a place in a lane. */
export function letsGo(writes: readonly Write[]): boolean {
  return writes.some(({ patch, follow }) => patch.state !== undefined || follow !== undefined)
}

function commitWrite(sql: Sql, write: Write): Committed {
  const id = toStorable(write.id)
  const now = sql.now()
  const columns = columnsOf(write, wishFor(sql, id), now)
  const row = sql.get<JobRow>(patchSql(columns), { ...columns, id, token: write.token, now })
  if (!row) return refused(sql, id, write)
  keepRecords(sql, row.seq, write)
  return { accepted: true, job: toJob(row) }
}

function wishFor(sql: Sql, id: string): PendingWish | null {
  return sql.get<{ wish: PendingWish | null }>('select wish from {jobs} where id = @id', { id })?.wish ?? null
}

/** Or accepted once more, when it was applied before. */
function refused(sql: Sql, id: string, { token, seq }: Write): Committed {
  const row = sql.get<JobRow>('select * from {jobs} where id = @id', { id })
  return { accepted: row?.token === token && seq <= row.write_seq, job: row && toJob(row) }
}

function columnsOf({ patch, seq }: Write, wish: PendingWish | null, now: number): Values {
  const work = { ...workColumns(patch), write_seq: seq }
  if (!patch.state) return patch.leaseMs === undefined ? work : { ...work, due_at: now + patch.leaseMs }
  const state = released(patch.state, wish)
  return {
    ...work,
    state,
    wish: null,
    due_at: now + (patch.delayMs ?? 0),
    ended_at: isEnded(state) ? now : null,
  }
}

/** Where a job goes whose holder lets go of it. A cancel that came meanwhile is not lost to a pause either. */
function released(state: JobState, wish: PendingWish | null): JobState {
  if (wish === 'cancel' && (state === 'waiting' || state === 'paused')) return 'cancelled'
  return wish === 'pause' && state === 'waiting' ? 'paused' : state
}

function keepRecords(sql: Sql, job: number, { follow = [], items = [], logs = [] }: Write) {
  insertJobs(sql, follow)
  for (const item of items) sql.run(itemSql, itemRow(job, item))
  for (const line of logs) sql.run(logSql, logRow(job, line, sql.now()))
}

function itemRow(job: number, { key, outcome, value, error }: ItemRecord): Values {
  return { job, key: toStorable(key), outcome, value: kept(value), error: kept(error) }
}

function logRow(job: number, { level, message }: LogLine, at: number): Values {
  return { job, at, level, message: toStorable(message) }
}

/** The fence: only the newest token, while its lease runs, and each of its writes once. */
const patchSql = (columns: Values) => `
  update {jobs} set ${assignments(columns)}
  where id = @id and token = @token and state = 'running' and due_at > @now and write_seq < @write_seq
  returning *`

const itemSql = `
  insert into {items} (job, place, key, outcome, value, error)
  values (@job, (select ifnull(max(place), 0) + 1 from {items} where job = @job), @key, @outcome, @value, @error)
  on conflict (job, key) do update set outcome = excluded.outcome, value = excluded.value, error = excluded.error`

const logSql = `
  insert into {logs} (job, place, at, level, message)
  values (@job, (select ifnull(max(place), 0) + 1 from {logs} where job = @job), @at, @level, @message)`
