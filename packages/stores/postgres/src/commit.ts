import { endedStates, toStorable, type Write } from '@longhaul/core/store'
import type { Answer } from './due.js'
import { extrasOf } from './extras.js'
import { type Column, type Columns, recordset } from './recordset.js'
import { type JobRow, jobColumns, toJob, workColumns } from './rows.js'
import type { Sql, Values } from './sql.js'

/** A write, and where its answer goes. */
interface Placed {
  readonly write: Write
  readonly index: number
}

/** One round trip where all writes are taken and no job has two of them. */
export async function commitWrites(sql: Sql, writes: readonly Write[]): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const round of roundsOf(writes)) await commitRound(sql, round, answers)
  return answers
}

/** In each round a job has one write; all take their locks in the same order. */
function roundsOf(writes: readonly Write[]): Placed[][] {
  const rounds: Placed[][] = []
  const seen = new Map<string, number>()
  for (const [index, write] of writes.entries()) {
    const round = seen.get(write.id) ?? 0
    seen.set(write.id, round + 1)
    rounds[round] ??= []
    rounds[round].push({ write, index })
  }
  return rounds.map(round => round.sort((a, b) => (a.write.id < b.write.id ? -1 : 1)))
}

async function commitRound(sql: Sql, round: readonly Placed[], answers: Answer[]) {
  const { text, values } = statementFor(round.map(({ write }) => write))
  const patched = await sql.all<JobRow & { place: string }>(text, values)
  for (const row of patched) {
    const placed = round[Number(row.place) - 1] as Placed
    answers[placed.index] = { accepted: true, job: toJob(row) }
  }
  const others = round.filter(({ index }) => !answers[index])
  if (others.length > 0) await answerOthers(sql, others, answers)
}

/** Those that changed nothing: refused, or accepted once more. Read anew, for a repeat may have met its first try. */
async function answerOthers(sql: Sql, others: readonly Placed[], answers: Answer[]) {
  const ids = others.map(({ write }) => toStorable(write.id))
  const rows = await sql.all<JobRow>(`select ${jobColumns} from {jobs} where id = any(@ids::text[])`, { ids })
  const stored = new Map(rows.map(row => [row.id, row]))
  for (const { write, index } of others) {
    const row = stored.get(toStorable(write.id))
    const accepted = Number(row?.token) === write.token && write.seq <= Number(row?.write_seq)
    answers[index] = { accepted, job: row && toJob(row) }
  }
}

function statementFor(writes: readonly Write[]) {
  const used = workNames.filter(name => writes.some(({ patch }) => workColumns[name].of(patch) !== undefined))
  const patches = recordset('write', { ...writeColumns, ...Object.fromEntries(used.map(columnFor)) }, writes)
  const extras = extrasOf(writes)
  const text = `
    with clock as materialized (select {now} as now),
    write as materialized (${patches.sql}),
    patched as (${patchSql(used)})
    ${extras.map(({ sql }) => `, ${sql}`).join('')}
    select place, ${jobColumns} from patched`
  return { text, values: Object.assign({}, patches.values, ...extras.map(({ values }) => values)) as Values }
}

const writeColumns: Columns<Write> = {
  id: { type: 'text', of: ({ id }) => toStorable(id) },
  token: { type: 'bigint', of: ({ token }) => token },
  write_seq: { type: 'bigint', of: ({ seq }) => seq },
  state: { type: 'text', of: ({ patch }) => patch.state },
  delay_ms: { type: 'bigint', of: ({ patch }) => Math.ceil(patch.delayMs ?? 0) },
  lease_ms: { type: 'bigint', of: ({ patch }) => patch.leaseMs && Math.ceil(patch.leaseMs) },
}

type WorkName = keyof typeof workColumns
const workNames = Object.keys(workColumns) as WorkName[]
const isText = (name: WorkName) => workColumns[name].type === 'text'

/** Stands for a text that a write leaves as it is: no stored text is just this. */
const unchanged = '\u0001'

function columnFor(name: WorkName): [WorkName, Column<Write>] {
  const { type, of } = workColumns[name]
  const missing = isText(name) ? unchanged : null
  const sent = ({ patch }: Write) => {
    const value = of(patch)
    return value === undefined ? missing : value
  }
  return [name, { type, of: sent }]
}

function assigned(column: WorkName): string {
  if (column === 'total') return 'total = case when write.done is null then job.total else write.total end'
  if (!isText(column)) return `${column} = coalesce(write.${column}, job.${column})`
  return `${column} = case when write.${column} = chr(1) then job.${column} else write.${column} end`
}

/** Where a job goes whose holder lets go of it. A cancel that came meanwhile is not lost to a pause either. */
const released = `case
  when write.state is null then job.state
  when job.wish = 'cancel' and write.state in ('waiting', 'paused') then 'cancelled'
  when job.wish = 'pause' and write.state = 'waiting' then 'paused'
  else write.state end`

const isEnd = (state: string) => `${state} in (${endedStates.map(ended => `'${ended}'`).join(', ')})`

/**
 * The fence: only the newest token, while its lease runs, and each of its writes once. The clock is read where
 * the row is checked, since that may have waited for another transaction. `coalesce` keeps the planner off the
 * partial indexes of running jobs, which hold more dead entries than the few rows that are asked for by id.
 */
const patchSql = (used: readonly WorkName[]) => `
  update {jobs} as job set
    write_seq = write.write_seq, state = ${released},
    wish = case when write.state is null then job.wish end,
    due_at = case when write.state is not null then now + write.delay_ms
      else coalesce(now + write.lease_ms, job.due_at) end,
    ended_at = case when ${isEnd(released)} then now end
    ${used.map(column => `, ${assigned(column)}`).join('')}
  from write, clock
  where job.id = any(array(select id from write)) and job.id = write.id and job.token = write.token
    and coalesce(job.state = 'running', false) and job.due_at > {now} and job.write_seq < write.write_seq
  returning write.place, job.*`
