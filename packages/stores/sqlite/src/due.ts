import { type ClaimRequest, toStorable } from '@longhaul/core/store'
import { type JobRow, jobColumns, seqOf } from './rows.js'
import type { Sql } from './sql.js'

/** Where among jobs of lines in one group, or of one line, a job stands. */
export interface Place {
  readonly due_at: number
  readonly seq: number
}

export interface DueJob extends Place {
  readonly lane: string | null
  /** How many more jobs its lane takes, if it has one, by this job's limit. */
  readonly places: number
  /** The job as it is once it was taken. */
  readonly taken: JobRow
}

/** Its jobs stand one behind the other in the index on due jobs. There are few lines, however many jobs. */
export interface Line {
  readonly rank: number
  readonly processor: string
  readonly queue: string
}

export interface ClaimTimes {
  readonly now: number
  readonly leaseEnd: number
}

export const foremost: Place = { due_at: Number.NEGATIVE_INFINITY, seq: 0 }

/** Up to `size` due jobs behind a place whose lanes are not full, the longest due first whatever their ranks. */
export function dueBehind(
  sql: Sql,
  lines: readonly Line[],
  { due_at, seq }: Place,
  size: number,
  { now, leaseEnd }: ClaimTimes,
): DueJob[] {
  const [first = [], ...others] = lines.map(line =>
    sql.rows<DueRow>(dueSql, { due_at, seq, size, now, leaseEnd, ...line }).map(toDueJob),
  )
  if (others.length === 0) return first
  const all = [first, ...others].flat()
  return all.sort((one, other) => one.due_at - other.due_at || one.seq - other.seq).slice(0, size)
}

/** A row is that of a job, with more behind it. */
function toDueJob(row: DueRow): DueJob {
  const [due_at, lane, places] = row.slice(-3) as [number, string | null, number]
  const taken = row as readonly unknown[] as JobRow
  return { seq: seqOf(taken), due_at, lane, places, taken }
}

export function anythingDue(sql: Sql): boolean {
  const now = sql.now()
  for (const line of allLines(sql)) {
    if (sql.get(anyDueSql, { now, ...line })) return true
  }
  return false
}

/** The lines that a request asks for, in groups that come one after the other. */
export function linesInTurn(sql: Sql, request: ClaimRequest): Iterable<Line[]> {
  return request.order === 'age' ? [[...allLines(sql)].filter(wantedBy(request))] : linesByRank(sql, request)
}

/** Rank by rank, so that jobs which are due later are never walked. */
function* linesByRank(sql: Sql, request: ClaimRequest): Generator<Line[]> {
  const isWanted = wantedBy(request)
  let lines: Line[] = []
  for (const line of allLines(sql)) {
    if (lines[0] && lines[0].rank !== line.rank) {
      yield lines
      lines = []
    }
    if (isWanted(line)) lines.push(line)
  }
  if (lines.length > 0) yield lines
}

function wantedBy({ processors, queues, exceptQueues = [] }: ClaimRequest): (line: Line) => boolean {
  const ofProcessor = new Set(processors.map(toStorable))
  const ofQueue = queues && new Set(queues.map(toStorable))
  const others = new Set(exceptQueues.map(toStorable))
  return ({ processor, queue }) =>
    ofProcessor.has(processor) && (!ofQueue || ofQueue.has(queue)) && !others.has(queue)
}

function* allLines(sql: Sql): Generator<Line> {
  let line = sql.get<Line>(nextLineSql, { rank: Number.NEGATIVE_INFINITY, processor: '', queue: '' })
  while (line) {
    yield line
    line = sql.get<Line>(nextLineSql, line)
  }
}

/** In the words of the index on due jobs. */
const live = "state in ('waiting', 'running')"

/** The three ways to be next. Compared as one row of values, what stands in the line itself would be walked. */
const nextLineSql = `
  select * from (
    select rank, processor, queue from {jobs}
    where ${live} and rank = @rank and processor = @processor and queue > @queue
    order by queue limit 1)
  union all
  select * from (
    select rank, processor, queue from {jobs}
    where ${live} and rank = @rank and processor > @processor
    order by processor, queue limit 1)
  union all
  select * from (
    select rank, processor, queue from {jobs}
    where ${live} and rank > @rank
    order by rank, processor, queue limit 1)
  limit 1`

export const takeSql = `
  update {jobs} set
    state = 'running', token = token + 1, write_seq = 0, due_at = @leaseEnd,
    claim_id = @claimId, claim_place = @placesBefore + chosen.key,
    crashes = crashes + (state = 'running'), started_at = ifnull(started_at, @now)
  from json_each(@seqs) as chosen
  where seq = chosen.value`

const dueInLine = `${live} and rank = @rank and processor = @processor and queue = @queue and due_at <= @now`

const anyDueSql = `select 1 from {jobs} where ${dueInLine} limit 1`

const held = `
  (select count(*) from {jobs} as held
  where held.state = 'running' and held.lane = job.lane and held.due_at > @now)`

type DueRow = readonly [...JobRow, due_at: number, lane: string | null, places: number]

/** What {@link takeSql} leaves, so that what was taken need not be read again. */
const takenColumns = jobColumns({
  state: "'running'",
  token: 'token + 1',
  due_at: '@leaseEnd',
  crashes: "crashes + (state = 'running')",
  started_at: 'ifnull(started_at, @now)',
})

/** A limit that is a bare value would be planned anew at every call. */
const dueSql = `
  select ${takenColumns}, due_at, lane, lane_limit - iif(lane is null, 0, ${held}) as places
  from {jobs} as job
  where ${dueInLine} and (due_at, seq) > (@due_at, @seq) and (lane is null or lane_limit > ${held})
  order by due_at, seq limit 0 + @size`
