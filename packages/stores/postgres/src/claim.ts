import { type ClaimRequest, type Job, toStorable } from '@longhaul/core/store'
import { live } from './filters.js'
import { type JobRow, jobColumns, toJob } from './rows.js'
import type { Sql, Values } from './sql.js'

/** Candidates beyond the limit, so that a claim finds others where some are being claimed beside it. */
const spare = 100

/** A claim that finds its candidates taken looks again, at four times as many. */
const mostLooks = 6

interface Look {
  readonly jobs: readonly Job[]
  /** How many candidates there were. */
  readonly seen: number
  /** How many of them have a lane. */
  readonly laned: number
}

interface LookRow extends JobRow {
  readonly candidates: string
  readonly laned: string
}

/**
 * Gives out due jobs. As long as none of them has a lane, one statement does it and claims never wait for each
 * other. Jobs with lanes are given out by one claim at a time, so that each sees what the ones before it gave.
 */
export function claimer() {
  let metLanes = false

  return async (sql: Sql, request: ClaimRequest): Promise<Job[]> => {
    const jobs: Job[] = []
    let most = request.limit + spare
    for (let looks = 0; looks < mostLooks; looks++) {
      const alone = metLanes
      const found = await look(sql, request, { alone, taken: jobs.length, most })
      jobs.push(...found.jobs)
      metLanes = found.laned > 0
      if (jobs.length >= request.limit) break
      if (found.seen >= most) most *= 4
      else if (alone || !metLanes) break
    }
    return jobs
  }
}

interface LookOptions {
  /** Whether no other claim gives out jobs with lanes meanwhile. */
  readonly alone: boolean
  readonly taken: number
  readonly most: number
}

async function look(sql: Sql, request: ClaimRequest, { alone, taken, most }: LookOptions): Promise<Look> {
  const values = { ...valuesOf(request), limit: request.limit - taken, taken, most }
  const rows = await (alone
    ? sql.behind<LookRow>('lanes', `${endLeasesSql}; ${claimSql(aloneSql)}`, values)
    : sql.all<LookRow>(claimSql(besideSql), values))
  const [first] = rows
  return {
    jobs: rows.filter(({ seq }) => seq !== null).map(toJob),
    seen: Number(first?.candidates),
    laned: Number(first?.laned),
  }
}

function valuesOf({ claimId, processors, queues, leaseMs }: ClaimRequest): Values {
  return {
    claimId: toStorable(claimId),
    processors: processors.map(toStorable),
    queues: queues?.map(toStorable),
    leaseMs: Math.ceil(leaseMs),
  }
}

interface LaneRules {
  /** The jobs with lanes that are held. */
  readonly held: string
  /** Which candidates may be taken. */
  readonly fits: string
}

/** Reads the index of held jobs with lanes, which is small, whatever the planner knows of the table. */
const running = "state = 'running' and lane >= ''"

/** Stops before the first job with a lane. */
const besideSql: LaneRules = {
  held: `held as materialized (
    select lane from (select lane, due_at from {jobs} where ${running} offset 0) as busy, clock where due_at > now)`,
  fits: 'place < (select coalesce(min(place), @most + 1) from ranked where lane is not null)',
}

/** Counts as held what {@link endLeasesSql} could not find to be lost. */
const aloneSql: LaneRules = {
  held: `held as materialized (select lane from {jobs} where ${running} and claim_id is not null)`,
  fits: 'lane is null or lane_place <= lane_limit',
}

/**
 * A lease that has ended frees its place only if nobody is renewing it at this moment, which shows in the lock of
 * its row. The change, unlike a mere lock, has a renewal that comes now look at its fence again.
 */
const endLeasesSql = `
  update {jobs} set claim_id = null where seq in (
    select seq from {jobs} where ${running} and claim_id is not null and due_at <= {now} for update skip locked)`

/**
 * Walks the due jobs of each line, which is a processor, a queue and a priority, in the order of the index: jobs
 * that are due later, or that nobody here works, are never read. A lane with `n` held jobs is full for those whose
 * limit is one of 1 to `n`.
 *
 * Candidates are found without locks, more than are wanted. As many as are wanted are then locked in their order,
 * without those that others hold; a materialised step, because a planner may run a plain sub-select with a limit
 * more than once. Jobs that are known are read by an array of theirs, and what is checked of them again is written
 * so that no index serves it: a planner that knows little of the table would read all that are due.
 */
const claimSql = ({ held, fits }: LaneRules) => `
  with recursive clock as materialized (select {now} as now),
  repeated as materialized (
    select * from {jobs}
    where @taken::integer = 0 and claim_id = @claimId and state = 'running' and due_at > (select now from clock)),
  lines as (
    select first.* from unnest(@processors::text[]) as wanted (processor) cross join lateral (
      select processor, queue, rank from {jobs} where ${live} and processor = wanted.processor
      order by queue, rank limit 1) as first
    where not exists (select from repeated)
    union all
    select next.* from lines cross join lateral (
      select processor, queue, rank from {jobs}
      where ${live} and processor = lines.processor and (queue, rank) > (lines.queue, lines.rank)
      order by queue, rank limit 1) as next),
  ${held},
  lanes as materialized (select lane, count(*) as jobs from held group by lane),
  full_lanes as materialized (
    select lane, (row_number() over (partition by lane))::integer as lane_limit from held),
  candidates as materialized (
    select due.* from lines cross join lateral (
      select seq, rank, due_at, lane, lane_limit from {jobs}
      where ${live} and processor = lines.processor and queue = lines.queue and rank = lines.rank
        and due_at <= (select now from clock)
        and (lane is null or (lane, lane_limit) not in (select lane, lane_limit from full_lanes))
      order by due_at, seq limit @most) as due
    where @queues::text[] is null or lines.queue = any(@queues::text[])
    order by rank, due_at, seq limit @most),
  ranked as materialized (
    select seq, lane, lane_limit, row_number() over (order by rank, due_at, seq) as place,
      row_number() over (partition by lane order by rank, due_at, seq) + coalesce(jobs, 0) as lane_place
    from candidates left join lanes using (lane)),
  chosen as materialized (
    select seq, rank, due_at from {jobs}
    where seq = any(array(select seq from ranked where ${fits}))
      and coalesce(${live}, false) and due_at + 0 <= (select now from clock)
    order by rank, due_at, seq limit @limit for update skip locked),
  placed as (select seq, row_number() over (order by rank, due_at, seq) as place from chosen),
  taken as (
    update {jobs} as job set
      state = 'running', token = token + 1, write_seq = 0, due_at = now + @leaseMs::bigint,
      claim_id = @claimId, claim_place = place + @taken::integer,
      crashes = crashes + (state = 'running')::integer, started_at = coalesce(started_at, now)
    from placed, clock where job.seq = placed.seq
    returning job.*)
  select candidates, laned, ${jobColumns}
  from (select count(*) as candidates, count(lane) as laned from ranked) as looked
  left join (select * from repeated union all select * from taken) as job on true
  order by claim_place`
