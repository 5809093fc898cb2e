import {
  type Committed,
  type ItemRecord,
  isEnded,
  type LogLine,
  type Patch,
  type PendingWish,
  type Standing,
  StoreError,
  stateAfterRelease,
  toStorable,
  type Write,
} from '@longhaul/core/store'
import { insertJobs } from './insert.js'
import { anyoneWaits, release } from './release.js'
import { kept } from './rows.js'
import type { Sql, Values } from './sql.js'

export function commitWrites(sql: Sql, writes: readonly Write[]): Committed[] {
  const now = sql.now()
  const ends = endsIn(sql, now)
  return writes.map(write => commitWrite(sql, write, now, ends))
}

/** All or none. @throws {StoreError} `write_refused` */
export function commitAll(sql: Sql, writes: readonly Write[]): Committed[] {
  const committed = commitWrites(sql, writes)
  const refused = writes.find((_, index) => !committed[index]?.accepted)
  if (refused) throw writeRefused(refused)
  return committed
}

function writeRefused({ id, token }: Write) {
  const message = `Job "${id}" is not held with token ${token} any more. Let the transaction end with this error.`
  return new StoreError('write_refused', 'sqlite', message)
}

/** Tells those who wait for a job that it ended, before the next write is looked at. */
function endsIn(sql: Sql, now: number): (id: string) => void {
  let someoneWaits: boolean | undefined
  return id => {
    someoneWaits ??= anyoneWaits(sql)
    if (someoneWaits) release(sql, [seqOfJob(sql, id)], now)
  }
}

function seqOfJob(sql: Sql, id: string): number {
  return sql.get<{ seq: number }>('select seq from {jobs} where id = ?', [toStorable(id)])?.seq ?? 0
}

/** Whether others may find more to claim afterwards: a due job, or a place in a lane. */
export function letsGo(writes: readonly Write[]): boolean {
  return writes.some(({ patch, follow }) => patch.state !== undefined || follow !== undefined)
}

/**
 * One statement does what nearly every write needs. For the others it does nothing, and then a look tells why. `ends` is
 * told which jobs end here.
 */
function commitWrite(sql: Sql, write: Write, now: number, ends: (id: string) => void): Committed {
  const place = placeAfter(write.patch, null, now)
  const { state = 'running', dueAt, endedAt = null } = place
  if (dueAt === undefined || !put(sql, write, place, unwished, now)) return judged(sql, write, now, ends)
  keepRecords(sql, write, now)
  if (endedAt !== null) ends(write.id)
  return { accepted: true, job: { state, token: write.token, wish: null, dueAt, endedAt } }
}

function judged(sql: Sql, write: Write, now: number, ends: (id: string) => void): Committed {
  const row = sql.get<StandingRow>(standingSql, [toStorable(write.id)])
  if (!row) return { accepted: false, job: undefined }
  const isNewest = row.token === write.token
  const isRepeated = isNewest && write.seq <= row.write_seq
  const isHeld = isNewest && row.state === 'running' && row.dueAt > now
  const { write_seq: _, ...standing } = row
  if (isRepeated || !isHeld) return { accepted: isRepeated, job: standing }
  const job = carriedOut(sql, standing, write, now)
  if (isEnded(job.state)) ends(write.id)
  return { accepted: true, job }
}

function carriedOut(sql: Sql, standing: Standing, write: Write, now: number): Standing {
  const place = placeAfter(write.patch, standing.wish, now)
  put(sql, write, place, held, now)
  keepRecords(sql, write, now)
  return { ...standing, ...place }
}

/** What its holder's write changes about where a job stands. */
type Place = Partial<Standing>

function placeAfter({ state, leaseMs, delayMs = 0 }: Patch, wish: PendingWish | null, now: number): Place {
  if (!state) return leaseMs === undefined ? {} : { dueAt: now + leaseMs }
  const next = stateAfterRelease(state, wish)
  return { state: next, wish: null, dueAt: now + delayMs, endedAt: isEnded(next) ? now : null }
}

/** Answers whether the job was held, and so written. */
function put(sql: Sql, write: Write, place: Place, condition: string, now: number): boolean {
  const names: string[] = []
  const values: unknown[] = []
  for (const [name, read] of columns) {
    const value = read(write, place)
    if (value === undefined) continue
    names.push(name)
    values.push(value)
  }
  values.push(toStorable(write.id), write.token, now, write.seq)
  return sql.run(`update {jobs} set ${names.join(' = ?, ')} = ? where ${condition}`, values) === 1
}

type Column = readonly [name: string, read: (write: Write, place: Place) => unknown]

/** What is `undefined` stays as it is. */
const columns: readonly Column[] = [
  ['write_seq', ({ seq }) => seq],
  ['state', (_, { state }) => state],
  ['wish', (_, { wish }) => wish],
  ['due_at', (_, { dueAt }) => dueAt],
  ['ended_at', (_, { endedAt }) => endedAt],
  ['cursor', ({ patch }) => kept(patch.cursor)],
  ['output', ({ patch }) => kept(patch.output)],
  ['error', ({ patch }) => kept(patch.error)],
  ['memo', ({ patch }) => kept(patch.memo)],
  ['done', ({ patch }) => patch.progress?.done],
  ['failed', ({ patch }) => patch.progress?.failed],
  ['skipped', ({ patch }) => patch.progress?.skipped],
  ['total', ({ patch }) => patch.progress?.total],
  ['attempts', ({ patch }) => patch.attempts],
  ['crashes', ({ patch }) => patch.crashes],
  ['interruptions', ({ patch }) => patch.interruptions],
  ['throttles', ({ patch }) => patch.throttles],
]

/** The fence: its newest token, its lease, and no write of before. */
const held = `id = ? and token = ? and state = 'running' and due_at > ? and write_seq < ?`
const unwished = `${held} and wish is null`

function keepRecords(sql: Sql, { id, follow = [], items = [], logs = [] }: Write, now: number) {
  if (follow.length > 0) insertJobs(sql, follow)
  if (items.length + logs.length === 0) return
  const job = seqOfJob(sql, id)
  for (const item of items) sql.run(itemSql, itemRow(job, item))
  for (const line of logs) sql.run(logSql, logRow(job, line, now))
}

function itemRow(job: number, { key, outcome, value, error }: ItemRecord): Values {
  return { job, key: toStorable(key), outcome, value: kept(value), error: kept(error) }
}

function logRow(job: number, { level, message }: LogLine, at: number): Values {
  return { job, at, level, message: toStorable(message) }
}

interface StandingRow extends Standing {
  readonly write_seq: number
}

const standingSql = `
  select write_seq, state, token, wish, due_at as dueAt, ended_at as endedAt from {jobs} where id = ?`

const itemSql = `
  insert into {items} (job, place, key, outcome, value, error)
  values (@job, (select ifnull(max(place), 0) + 1 from {items} where job = @job), @key, @outcome, @value, @error)
  on conflict (job, key) do update set outcome = excluded.outcome, value = excluded.value, error = excluded.error`

const logSql = `
  insert into {logs} (job, place, at, level, message)
  values (@job, (select ifnull(max(place), 0) + 1 from {logs} where job = @job), @at, @level, @message)`
