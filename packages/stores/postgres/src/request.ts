import {
  type JobFilter,
  type JobState,
  type JobWork,
  transitions,
  type Wish,
  wishes,
} from '@longhaul/core/store'
import { matching } from './filters.js'
import { orderLock, releaseSql } from './release.js'
import { kept, workColumns } from './rows.js'
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
  const given = wish.kind === 'retry' ? givenWork(wish.work ?? {}) : {}
  const text = chunkSql(wish, condition, given)
  const all = { ...values, ...given, ...placeOf(wish), movable: movable(wish), after, limit: wishChunk }
  const { changed, seen, last } = await (mayEnd(wish) ? chunkInOrder(sql, text, all) : chunk(sql, text, all))
  return { changed: Number(changed), next: Number(seen) < wishChunk ? null : String(last) }
}

interface ChunkRow {
  readonly changed: string | number
  readonly seen: string | number
  readonly last: string | null
}

async function chunk(sql: Sql, text: string, values: Values): Promise<ChunkRow> {
  return (await sql.get<ChunkRow>(`${text} select ${reportSql}`, values)) as ChunkRow
}

/** With the release of those who wait for jobs that end. What the first step says is passed on beside the rows. */
async function chunkInOrder(sql: Sql, text: string, values: Values): Promise<ChunkRow> {
  const noted = `${text} select set_config('longhaul.chunk', (select row_to_json(report)::text from (
    select ${reportSql}) as report), true)`
  const told = "select current_setting('longhaul.chunk') as report"
  const steps = [noted, releaseSql, told]
  const [row] = await sql.behind<{ report: string }>(orderLock, steps.join(';\n'), values)
  return JSON.parse(row?.report ?? '') as ChunkRow
}

const reportSql = `(select count(*) from changed) as changed, (select count(*) from chunk) as seen,
  (select max(seq) from chunk)::text as last`

/**
 * Who holds a job is decided where the row is changed, not where it is found: a claim may come between.
 */
function chunkSql({ kind }: Wish, condition: string, given: Values): string {
  const { set, where } = changes[kind]
  const assigned = Object.keys(given).map(
    column => `${column} = @${column}::${workColumns[column as keyof typeof workColumns].type}`,
  )
  return `
    with clock as materialized (select {now} as now),
    chunk as materialized (
      select seq from {jobs} where ${condition} and state = any(@movable::text[]) and seq > @after::bigint
      order by seq limit @limit),
    changed as (
      update {jobs} as job set ${[set, ...assigned].filter(Boolean).join(', ')} from clock
      where job.seq in (select seq from chunk) and state = any(@movable::text[]) and ${where}
      returning 1)`
}

/** The states of the jobs that the wish may change. */
function movable(wish: Wish): JobState[] {
  if (wish.kind === 'move') return Object.keys(transitions) as JobState[]
  const states = wishes(wish.kind).map(([from]) => from)
  return wish.kind === 'resume' ? [...states, 'running'] : states
}

/** A pause ends a job too, where it meets a cancel that a lost holder never saw. */
function mayEnd({ kind }: Wish): boolean {
  return kind === 'cancel' || kind === 'pause'
}

const held = "(state = 'running' and due_at > now)"
const waiting = "case when waits_for > 0 then 'blocked' else 'waiting' end"

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
    set: `state = case state when 'paused' then ${waiting} else state end, wish = null`,
    where: "(state = 'paused' or wish = 'pause')",
  },
  retry: {
    set: `state = ${waiting}, due_at = now, attempts = 0, crashes = 0, ended_at = null,
      awaited = exists (select from {edges} as edge where edge.awaited = job.seq)`,
    where: 'true',
  },
  promote: { set: 'due_at = now', where: 'due_at > now' },
  move: {
    set: 'queue = coalesce(@queue::text, queue), rank = coalesce(@rank::integer, rank)',
    where: '(queue <> coalesce(@queue::text, queue) or rank <> coalesce(@rank::integer, rank))',
  },
}

/** Where a `move` puts jobs. */
function placeOf(wish: Wish): Values {
  if (wish.kind !== 'move') return {}
  const { queue, priority } = wish
  return { queue: kept(queue ?? null), rank: priority === undefined ? null : 0 - priority }
}

function givenWork(work: Partial<JobWork>): Values {
  const values = Object.entries(workColumns).map(([column, { of }]) => [column, of(work)] as const)
  return Object.fromEntries(values.filter(([, value]) => value !== undefined))
}
