import { endedStates, isEnded, toStorable, type Write } from '@longhaul/core/store'
import { extrasOf } from './extras.js'
import { type Column, type Columns, recordset } from './recordset.js'
import { workColumns } from './rows.js'
import type { Values } from './sql.js'

/**
 * Stores what the writes say, each of another job.
 *
 * @param answer Reads from `patched`: the jobs whose writes were taken, with the `place` of the write, from 1 on.
 * @param awaited Whether it may end jobs that others wait for.
 */
export function patchStatement(writes: readonly Write[], answer: string, { awaited = false } = {}) {
  const used = usedBy(writes)
  const patches = recordset('write', { ...writeColumns, ...Object.fromEntries(used.map(columnFor)) }, writes)
  const extras = extrasOf(writes)
  const text = `
    with clock as materialized (select {now} as now),
    write as materialized (${patches.sql}),
    patched as (${patchSql(writes.every(isLast) ? ended : moved, used, awaited)})
    ${extras.map(({ sql }) => `, ${sql}`).join('')}
    ${answer}`
  return { text, values: Object.assign({}, patches.values, ...extras.map(({ values }) => values)) as Values }
}

/** Whether the job ends with it. */
export function isLast({ patch }: Write): boolean {
  return patch.state !== undefined && isEnded(patch.state)
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

/** The columns of which any write may say something. */
function usedBy(writes: readonly Write[]): WorkName[] {
  const fields = new Set<string>()
  for (const { patch } of writes) for (const field in patch) fields.add(field)
  return workNames.filter(name => fields.has(isOfProgress(name) ? 'progress' : name))
}

function isOfProgress(name: WorkName): boolean {
  return name === 'done' || name === 'failed' || name === 'skipped' || name === 'total'
}

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

interface Moves {
  /** Whether the job ends with it. */
  readonly ends: string
  readonly set: string
}

const isEnd = (state: string) => `${state} in (${endedStates.map(ended => `'${ended}'`).join(', ')})`

const moved: Moves = {
  ends: isEnd(released),
  set: `
    state = ${released},
    wish = case when write.state is null then job.wish end,
    due_at = case when write.state is not null then now + write.delay_ms
      else coalesce(now + write.lease_ms, job.due_at) end,
    ended_at = case when ${isEnd(released)} then now end`,
}

/** The same, where every job ends: shorter, for it is what is written most. */
const ended: Moves = {
  ends: 'true',
  set: 'state = write.state, wish = null, due_at = now + write.delay_ms, ended_at = now',
}

/**
 * The fence: only the newest token, while its lease runs, and each of its writes once. The clock is read where
 * the row is checked, since that may have waited for another transaction. `coalesce` keeps the planner off the
 * partial indexes of running jobs, which hold more dead entries than the few rows that are asked for by id.
 */
const patchSql = (moves: Moves, used: readonly WorkName[], awaited: boolean) => `
  update {jobs} as job set write_seq = write.write_seq, ${moves.set}
    ${used.map(column => `, ${assigned(column)}`).join('')}
  from write, clock
  where job.id = any(array(select id from write)) and job.id = write.id and job.token = write.token
    and coalesce(job.state = 'running', false) and job.due_at > {now} and job.write_seq < write.write_seq
    ${awaited ? '' : `and not (job.awaited and ${moves.ends})`}
  returning write.place, job.seq, job.state, job.token, job.write_seq, job.wish, job.due_at, job.ended_at, job.lane`
