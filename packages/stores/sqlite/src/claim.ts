import { type ClaimRequest, type Job, toStorable } from '@longhaul/core/store'
import { type JobRow, toJob } from './rows.js'
import { listOf, type Sql } from './sql.js'

/** Where in the order of claims a job stands. */
interface Place {
  readonly rank: number
  readonly due_at: number
  readonly seq: number
}

/** Whose jobs are looked for, as lists. */
interface Wanted {
  readonly processors: string
  /** `null` for all. */
  readonly queues: string | null
}

/** Gives out due jobs one by one: each claim shows in the count of its lane before the next one is looked for. */
export function claimJobs(sql: Sql, request: ClaimRequest): Job[] {
  const repeated = heldBy(sql, request.claimId)
  if (repeated.length > 0) return repeated

  const jobs: Job[] = []
  const wanted = wantedBy(request)
  let place = firstDue(sql, wanted)
  while (place && jobs.length < request.limit) {
    jobs.push(take(sql, place, request, jobs.length))
    place = jobs.length < request.limit ? nextDue(sql, wanted, place) : undefined
  }
  return jobs
}

/** Whether a claim would find anything, without the lock that only one process can hold. */
export function mayClaim(sql: Sql, request: ClaimRequest): boolean {
  return firstDue(sql, wantedBy(request)) !== undefined || heldBy(sql, request.claimId).length > 0
}

export function anythingDue(sql: Sql): boolean {
  return sql.get<{ due: number }>(anythingDueSql, { now: sql.now() })?.due === 1
}

function wantedBy({ processors, queues }: ClaimRequest): Wanted {
  return {
    processors: listOf(processors.map(toStorable)),
    queues: queues ? listOf(queues.map(toStorable)) : null,
  }
}

function heldBy(sql: Sql, claimId: string): Job[] {
  return sql.all<JobRow>(heldSql, { claimId: toStorable(claimId), now: sql.now() }).map(toJob)
}

function take(sql: Sql, { seq }: Place, { claimId, leaseMs }: ClaimRequest, claimPlace: number): Job {
  const now = sql.now()
  const values = { seq, now, leaseEnd: now + leaseMs, claimId: toStorable(claimId), claimPlace }
  return toJob(sql.get<JobRow>(takeSql, values) as JobRow)
}

function firstDue(sql: Sql, wanted: Wanted): Place | undefined {
  return nextDue(sql, wanted, { rank: Number.NEGATIVE_INFINITY, due_at: Number.NEGATIVE_INFINITY, seq: 0 })
}

/** Looks rank by rank, so that jobs which are due later are never walked. */
function nextDue(sql: Sql, wanted: Wanted, after: Place): Place | undefined {
  let place: Place | undefined = after
  while (place) {
    const found: Place | undefined = sql.get(dueSql, { ...wanted, ...place, now: sql.now() })
    if (found) return found
    place = sql.get(nextRankSql, { rank: place.rank })
  }
  return undefined
}

const heldSql = `
  select * from {jobs} where state = 'running' and claim_id = @claimId and due_at > @now order by claim_place`

const takeSql = `
  update {jobs} set
    state = 'running', token = token + 1, write_seq = 0, due_at = @leaseEnd,
    claim_id = @claimId, claim_place = @claimPlace,
    crashes = crashes + (state = 'running'), started_at = ifnull(started_at, @now)
  where seq = @seq
  returning *`

/** The first of each processor is one step in the index, however many others stand before it. */
const dueSql = `
  select rank, due_at, seq from {jobs} where seq in (
    select (
      select seq from {jobs} as job
      where state in ('waiting', 'running') and rank = @rank and processor = wanted.value
        and due_at <= @now and (due_at, seq) > (@due_at, @seq)
        and (@queues is null or queue in (select value from json_each(@queues)))
        and (lane is null or lane_limit > (
          select count(*) from {jobs} as held
          where held.state = 'running' and held.lane is not null and held.lane = job.lane and held.due_at > @now))
      order by due_at, seq limit 1)
    from json_each(@processors) as wanted)
  order by due_at, seq limit 1`

const nextRankSql = `
  select rank, -9e999 as due_at, 0 as seq from {jobs}
  where state in ('waiting', 'running') and rank > @rank
  order by rank limit 1`

/** Goes from one pair of rank and processor to the next: there are few, however many jobs. */
const anythingDueSql = `
  with recursive line (rank, processor) as (
    select * from (
      select rank, processor from {jobs} where state in ('waiting', 'running') order by rank, processor limit 1)
    union all
    select next.rank, next.processor from line join {jobs} as next on next.seq = (
      select seq from {jobs}
      where state in ('waiting', 'running') and (rank, processor) > (line.rank, line.processor)
      order by rank, processor limit 1))
  select exists (
    select 1 from line join {jobs} as job using (rank, processor)
    where job.state in ('waiting', 'running') and job.due_at <= @now) as due`
