import { isEnded, type JobFilter, type JobState, transitions, type Wish, wishes } from '@longhaul/core/store'
import { matching } from './filters.js'
import { placeJobs } from './place.js'
import { anyoneWaits, release } from './release.js'
import { kept } from './rows.js'
import { assignments, listOf, type Sql } from './sql.js'

/** Jobs in one transaction: a wish for a million jobs must not hold the lock for seconds. */
const wishChunk = 1_000

export interface WishChunk {
  readonly changed: number
  /** The position behind this chunk, `null` at the end. */
  readonly next: number | null
}

/** Carries a wish to the next jobs behind the position `after`. */
export function carryOutChunk(sql: Sql, wish: Wish, filter: JobFilter, after: number): WishChunk {
  const seqs = nextJobs(sql, wish, filter, after)
  return { changed: carryOut(sql, wish, seqs), next: seqs.length < wishChunk ? null : (seqs.at(-1) ?? null) }
}

function carryOut(sql: Sql, wish: Wish, seqs: readonly number[]): number {
  if (wish.kind === 'move') return placeJobs(sql, wish, seqs)
  return mark(sql, wish, seqs) + change(sql, wish, seqs)
}

/** Those that the wish may change. */
function nextJobs(sql: Sql, wish: Wish, filter: JobFilter, after: number): number[] {
  const { sql: condition, values } = matching(filter)
  const text = `
    select seq from {jobs}
    where ${condition} and state in (select value from json_each(@movable)) and seq > @after
    order by seq limit @limit`
  const movable = listOf(movableStates(wish))
  return sql.all<{ seq: number }>(text, { ...values, movable, after, limit: wishChunk }).map(({ seq }) => seq)
}

/** Leaves the wish with the holders. */
function mark(sql: Sql, { kind }: Change, seqs: readonly number[]): number {
  const change = marks[kind]
  return change
    ? sql.run(`update {jobs} set ${change} and ${among}`, { seqs: listOf(seqs), now: sql.now() })
    : 0
}

/** Carries it out for those that nobody holds. */
function change(sql: Sql, wish: Change, seqs: readonly number[]): number {
  const now = sql.now()
  const work = wish.kind === 'retry' ? freshWork(wish.work ?? {}) : {}
  const columns = [moves[wish.kind], assignments(work)].filter(Boolean).join(', ')
  const text = `
    update {jobs} set ${columns}
    where ${among} and state in (select value from json_each(@from))
      and not (state = 'running' and due_at > @now) and (@kind <> 'promote' or due_at > @now)
    returning seq, state`
  const changed = sql.all<{ seq: number; state: JobState }>(text, {
    ...work,
    seqs: listOf(seqs),
    from: listOf(fromStates(wish)),
    kind: wish.kind,
    now,
  })
  const ended = changed.filter(({ state }) => isEnded(state)).map(({ seq }) => seq)
  if (ended.length > 0 && anyoneWaits(sql)) release(sql, ended, now)
  return changed.length
}

type FreshWork = NonNullable<Extract<Wish, { kind: 'retry' }>['work']>

/** The columns that a retry sets; what is absent has none. */
function freshWork({ cursor, memo, progress }: FreshWork) {
  const columns = { cursor: kept(cursor), memo: kept(memo), ...progress }
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined))
}

function movableStates(wish: Wish): readonly JobState[] {
  if (wish.kind === 'move') return Object.keys(transitions) as JobState[]
  return [...fromStates(wish), ...(marks[wish.kind] ? (['running'] as const) : [])]
}

function fromStates({ kind }: Change): JobState[] {
  return wishes(kind).map(([from]) => from)
}

/** All but `move`, which changes no state. */
type Change = Exclude<Wish, { kind: 'move' }>

const marks: Partial<Record<Change['kind'], string>> = {
  cancel: "wish = 'cancel' where state = 'running' and due_at > @now and wish is not 'cancel'",
  pause: "wish = 'pause' where state = 'running' and due_at > @now and wish is null",
  resume: "wish = null where state = 'running' and wish = 'pause'",
}

/** As long as it waits for others, a job is blocked. */
const waiting = "iif(waits_for > 0, 'blocked', 'waiting')"

/** A cancel that a lost holder never saw outranks a pause. */
const moves: Record<Change['kind'], string> = {
  cancel: "state = 'cancelled', ended_at = @now, wish = null",
  pause:
    "state = iif(wish = 'cancel', 'cancelled', 'paused'), ended_at = iif(wish = 'cancel', @now, null), wish = null",
  resume: `state = ${waiting}`,
  retry: `state = ${waiting}, due_at = @now, attempts = 0, crashes = 0, ended_at = null`,
  promote: 'due_at = @now',
}

const among = 'seq in (select value from json_each(@seqs))'
