import { type Committed, type Standing, toStorable, type Write } from '@longhaul/core/store'
import { patchStatement } from './patch.js'
import { orderLock, releaseSql } from './release.js'
import { isAmong, type Sql } from './sql.js'

/** Where a job stands, as its row says. */
export interface StandingRow {
  readonly state: Standing['state']
  readonly token: string
  readonly write_seq: string
  readonly wish: Standing['wish']
  readonly due_at: string
  readonly ended_at: string | null
  readonly laned: boolean
}

export const standingColumns = 'state, token, write_seq, wish, due_at, ended_at, lane is not null as laned'

export function toStanding({ state, token, wish, due_at, ended_at }: StandingRow): Standing {
  const endedAt = ended_at === null ? null : Number(ended_at)
  return { state, token: Number(token), wish, dueAt: Number(due_at), endedAt }
}

interface StoredRow extends StandingRow {
  readonly id: string
  readonly awaited: boolean
}

/** The jobs of writes that changed nothing when they were tried beside others. */
export interface Left {
  readonly rows: ReadonlyMap<string, StoredRow>
  /** Whether jobs ended just now for which others waited. */
  readonly released: boolean
}

/** Read anew, for a repeat may have met its first try; and after those were committed that end an awaited job. */
export async function standingOf(sql: Sql, writes: readonly Write[]): Promise<Left> {
  const ids = writes.map(({ id }) => toStorable(id))
  const rows = byId(await sql.all<StoredRow>(storedSql, { ids }))
  const held = writes.filter(write => isHeldBack(write, rows.get(toStorable(write.id))))
  if (held.length === 0) return { rows, released: false }
  return { rows: await endAwaited(sql, held, ids), released: true }
}

/** To a write that was not taken at once: refused, or accepted in the order of those who wait, or once more. */
export function answerTo({ id, token, seq }: Write, { rows }: Left): Committed {
  const row = rows.get(toStorable(id))
  const accepted = Number(row?.token) === token && seq <= Number(row?.write_seq)
  return { accepted, job: row && toStanding(row) }
}

function isHeldBack({ token, seq }: Write, row: StoredRow | undefined): boolean {
  const isNewest = row?.awaited === true && Number(row.token) === token
  return isNewest && row.state === 'running' && Number(row.write_seq) < seq
}

/** With the release of those who wait, in one transaction. Answers where these jobs stand then. */
async function endAwaited(
  sql: Sql,
  writes: readonly Write[],
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredRow>> {
  const { text, values } = patchStatement(writes, 'select 1 from patched', { awaited: true })
  const steps = [text, releaseSql, storedSql]
  return byId(await sql.behind<StoredRow>(orderLock, steps.join(';\n'), { ...values, ids }))
}

function byId(rows: readonly StoredRow[]): ReadonlyMap<string, StoredRow> {
  return new Map(rows.map(row => [row.id, row]))
}

const storedSql = `select id, awaited, ${standingColumns} from {jobs} where ${isAmong('id', 'ids')}`
