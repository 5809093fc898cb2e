import type { Job } from '@longhaul/core/store'
import { live } from './filters.js'
import { type ClaimedRow, claimedColumns, toClaimed } from './rows.js'
import type { Sql, Values } from './sql.js'
import { turn } from './turn.js'

/** Candidates beyond the limit, so that a claim finds others where some are being claimed beside it. */
const spare = 100

/** A claim that finds its candidates taken looks again, at four times as many. */
const mostLooks = 6

interface Given {
  readonly jobs: readonly Job[]
  /** Whether any candidate had a lane when it last looked. */
  readonly metLanes: boolean
}

/** Gives out jobs with and without lanes, while no other claim gives out jobs with lanes. */
export async function claimBehindOthers(
  sql: Sql,
  values: Values,
  limit: number,
  taken: number,
): Promise<Given> {
  const jobs: Job[] = []
  let most = limit + spare
  for (let looks = 1; ; looks++) {
    const left = limit - taken - jobs.length
    const found = await look(sql, { ...values, limit: left, taken: taken + jobs.length, most })
    jobs.push(...found.jobs)
    const isEnough = found.jobs.length >= left || found.seen < most
    if (isEnough || looks === mostLooks) return { jobs, metLanes: found.laned > 0 }
    most *= 4
  }
}

interface LookRow extends ClaimedRow {
  /** How many candidates there were. */
  readonly candidates: string
  /** How many of them have a lane. */
  readonly laned: string
}

async function look(sql: Sql, values: Values) {
  const rows = await sql.behind<LookRow>('lanes', `${endLeasesSql}; ${claimSql}`, values)
  const [first] = rows
  return {
    jobs: rows.filter(({ id }) => id !== null).map(toClaimed),
    seen: Number(first?.candidates),
    laned: Number(first?.laned),
  }
}

/** Reads the index of held jobs with lanes, which is small, whatever the planner knows of the table. */
const running = "state = 'running' and lane >= ''"

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
 * limit is one of 1 to `n`; what {@link endLeasesSql} could not find to be lost counts as held.
 * Where the jobs of one lane differ in their limits, who is passed over takes no place: so these are filled one by one.
 *
 * Candidates are found without locks, more than are wanted. As many as are wanted are then locked in their order,
 * without those that others hold; a materialised step, because a planner may run a plain sub-select with a limit
 * more than once. Jobs that are known are read by an array of theirs, and what is checked of them again is written
 * so that no index serves it: a planner that knows little of the table would read all that are due.
 */
const claimSql = `
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
  held as materialized (select lane from {jobs} where ${running} and claim_id is not null),
  lanes as materialized (select lane, count(*) as jobs from held group by lane),
  full_lanes as materialized (
    select lane, (row_number() over (partition by lane))::integer as lane_limit from held),
  candidates as materialized (
    select due.* from lines cross join lateral (
      select seq, ${turn('@order')} as turn, due_at, lane, lane_limit from {jobs}
      where ${live} and processor = lines.processor and queue = lines.queue and rank = lines.rank
        and due_at <= (select now from clock)
        and (lane is null or (lane, lane_limit) not in (select lane, lane_limit from full_lanes))
      order by due_at, seq limit @most) as due
    where (@queues::text[] is null or lines.queue = any(@queues::text[]))
      and lines.queue <> all(@exceptQueues::text[])
    order by turn, due_at, seq limit @most),
  ranked as materialized (
    select seq, lane, lane_limit, coalesce(jobs, 0) as held,
      row_number() over (partition by lane order by turn, due_at, seq) as number,
      min(lane_limit) over (partition by lane) < max(lane_limit) over (partition by lane) as is_mixed
    from candidates left join lanes using (lane)),
  placed_in_mixed as (
    select distinct lane, held, 0::bigint as number, null::bigint as seq from ranked
    where is_mixed and lane is not null
    union all
    select before.lane, before.held + 1, next.number, next.seq from placed_in_mixed as before cross join lateral (
      select number, seq from ranked
      where lane = before.lane and number > before.number and lane_limit > before.held
      order by number limit 1) as next),
  with_place as (
    select seq from ranked where lane is null or (not is_mixed and number + held <= lane_limit)
    union all select seq from placed_in_mixed),
  chosen as materialized (
    select seq, ${turn('@order')} as turn, due_at from {jobs}
    where seq = any(array(select seq from with_place))
      and coalesce(${live}, false) and due_at + 0 <= (select now from clock)
    order by turn, due_at, seq limit @limit for update skip locked),
  placed as (select seq, row_number() over (order by turn, due_at, seq) as place from chosen),
  taken as (
    update {jobs} as job set
      state = 'running', token = token + 1, write_seq = 0, due_at = now + @leaseMs::bigint,
      claim_id = @claimId, claim_place = place + @taken::integer,
      crashes = crashes + (state = 'running')::integer, started_at = coalesce(started_at, now)
    from placed, clock where job.seq = placed.seq
    returning job.*)
  select candidates, laned, ${claimedColumns}
  from (select count(*) as candidates, count(lane) as laned from ranked) as looked
  left join (select * from repeated union all select * from taken) as job on true
  order by claim_place`
