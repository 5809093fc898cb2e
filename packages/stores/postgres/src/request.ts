import { type JobFilter, type JobState, type JobWork, type Wish, wishes } from '@longhaul/core/store'
import { matching } from './filters.js'
import { workColumns } from './rows.js'
import type { Sql, Values } from './sql.js'

/** Jobs in one transaction: a wish for a million jobs must not hold them all for seconds. */
const wishChunk = 1_000

export interface WishChunk {
  readonly changed: number
  /** The position behind this chunk, `null` at the end. */
  readonly next: string | null
}

/** Carries a wish to the next jobs behind the position `after`. */
export async function carryOutChunk(
  sql: Sql,
  wish: Wish,
  filter: JobFilter,
  after: string,
): Promise<WishChunk> {
  const { sql: condition, values } = matching(filter)
  const work = wish.kind === 'retry' ? given(wish.work ?? {}) : {}
  const row = await sql.get<{ changed: string; seen: string; last: string | null }>(
    chunkSql(wish, condition, work),
    { ...values, ...work, movable: movable(wish), after, limit: wishChunk },
  )
  const isLast = Number(row?.seen) < wishChunk
  return { changed: Number(row?.changed), next: isLast ? null : String(row?.last) }
}

/**
 * Who holds a job is decided where the row is changed, not where it is found: a claim may come between.
 */
function chunkSql({ kind }: Wish, condition: string, work: Values): string {
  const { set, where } = changes[kind]
  const assigned = Object.keys(work).map(
    column => `${column} = @${column}::${workColumns[column as keyof typeof workColumns].type}`,
  )
  return `
    with clock as materialized (select {now} as now),
    chunk as materialized (
      select seq from {jobs} where ${condition} and state = any(@movable::text[]) and seq > @after::bigint
      order by seq limit @limit),
    changed as (
      update {jobs} as job set ${[set, ...assigned].join(', ')} from clock
      where job.seq in (select seq from chunk) and state = any(@movable::text[]) and ${where}
      returning 1)
    select (select count(*) from changed) as changed, count(*) as seen, max(seq) as last from chunk`
}

/** The states of the jobs that the wish may change. */
function movable({ kind }: Wish): JobState[] {
  const states = wishes(kind).map(([from]) => from)
  return kind === 'resume' ? [...states, 'running'] : states
}

const held = "(state = 'running' and due_at > now)"

/** What a wish does to a job: left with its holder, or carried out. A cancel that a lost holder never saw outranks a pause. */
const changes: Record<Wish['kind'], { readonly set: string; readonly where: string }> = {
  cancel: {
    set: `state = case when ${held} then state else 'cancelled' end, wish = case when ${held} then 'cancel' end,
      ended_at = case when not ${held} then now end`,
    where: `not (${held} and wish is not distinct from 'cancel')`,
  },
  pause: {
    set: `state = case when ${held} then state when wish = 'cancel' then 'cancelled' else 'paused' end,
      wish = case when ${held} then 'pause' end,
      ended_at = case when not ${held} and wish = 'cancel' then now end`,
    where: `not (${held} and wish is not null)`,
  },
  resume: {
    set: "state = case state when 'paused' then 'waiting' else state end, wish = null",
    where: "(state = 'paused' or wish = 'pause')",
  },
  retry: {
    set: "state = 'waiting', due_at = now, attempts = 0, crashes = 0, ended_at = null",
    where: 'true',
  },
  promote: { set: 'due_at = now', where: 'due_at > now' },
}

function given(work: Partial<JobWork>): Values {
  const values = Object.entries(workColumns).map(([column, { of }]) => [column, of(work)] as const)
  return Object.fromEntries(values.filter(([, value]) => value !== undefined))
}
