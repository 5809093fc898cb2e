import { live } from './filters.js'
import { turn } from './turn.js'

/** What the index on due jobs holds of one line, the longest due first. */
const dueIn = (processor: string, queue: string, rank: string) => `
  from {jobs} where ${live} and processor = ${processor} and queue = ${queue} and rank = ${rank} and due_at <= instant
  order by due_at, seq`

const itsTurn = turn('asked_order')

/** The lines that have jobs: a processor, a queue and a priority each. Jobs of others are never read. */
const linesSql = `
  with recursive lines as (
    select first.* from unnest(processors) as worked (processor) cross join lateral (
      select processor, queue, rank from {jobs} where ${live} and processor = worked.processor
      order by queue, rank limit 1) as first
    union all
    select next.* from lines cross join lateral (
      select processor, queue, rank from {jobs}
      where ${live} and processor = lines.processor and (queue, rank) > (lines.queue, lines.rank)
      order by queue, rank limit 1) as next)
  select array_agg(processor), array_agg(queue), array_agg(rank) from lines
  where (queues is null or queue = any(queues)) and queue <> all(except_queues)`

/** Jobs of one line are locked as they are found, without those that others hold. */
const fromOneSql = `
  select array_agg(seq), array_agg(lane) from (
    select seq, lane ${dueIn('of_processors[1]', 'of_queues[1]', 'of_ranks[1]')}
    limit wanted for update skip locked) as due`

/** Jobs of several lines are found without locks: only in their common order it shows which ones are wanted. */
const fromManySql = `
  select array_agg(seq), array_agg(lane) from (
    select due.* from unnest(of_processors, of_queues, of_ranks) as line (processor, queue, rank)
    cross join lateral (
      select seq, ${itsTurn} as turn, due_at, lane ${dueIn('line.processor', 'line.queue', 'line.rank')} limit most) as due
    order by turn, due_at, seq limit most) as due`

/** What was found may have changed meanwhile, and is looked at again. */
const lockedSql = `
  array(
    select seq from {jobs} where seq = any(found_jobs) and coalesce(${live}, false) and due_at + 0 <= instant
    order by ${itsTurn}, due_at, seq limit wanted - given for update skip locked)`

/** How long until the next job of these lines is due, or its lease ends. */
const soonestSql = `
  select min(due_at) - instant from unnest(of_processors, of_queues, of_ranks) as line (processor, queue, rank)
  cross join lateral (
    select due_at from {jobs} where ${live} and processor = line.processor and queue = line.queue
      and rank = line.rank and due_at > instant
    order by due_at limit 1) as next`

const takeSql = `
  update {jobs} as job set
    state = 'running', token = token + 1, write_seq = 0, due_at = instant + lease_ms,
    claim_id = claimer, claim_place = given + place,
    crashes = crashes + (state = 'running')::integer, started_at = coalesce(started_at, instant)
  from unnest(found_jobs) with ordinality as chosen (seq, place) where job.seq = chosen.seq
  returning job.*`

/**
 * Gives out due jobs on the server, where it is planned once for each connection: to plan it takes as long as to do
 * it. Its settings hold for those plans, so that none reads all of a table, whatever the server knew of the table
 * when it was made. `{quote}` stands for quotes that no name can contain.
 *
 * It ends before the first job with a lane, and says so with an empty row. Where it finds nothing, such a row has how long
 * it is until something will be due. Where others took too many of those that
 * were found in several lines, it looks for four times as many.
 */
export const claimFunctionSql = `
  create function {claim}(
    instant bigint, claimer text, processors text[], queues text[], except_queues text[], wanted integer,
    lease_ms bigint, asked_order text)
  returns setof {jobs} language plpgsql
  set enable_seqscan = off set plan_cache_mode = force_generic_plan set jit = off
  as {quote}
  declare
    of_processors text[];
    of_queues text[];
    of_ranks integer[];
    most integer := wanted;
    found_jobs bigint[];
    found_lanes text[];
    ahead integer;
    is_last boolean;
    given integer := 0;
    nothing {jobs};
  begin
    return query select * from {jobs} where claim_id = claimer and state = 'running' and due_at > instant;
    if found then return; end if;

    ${linesSql} into of_processors, of_queues, of_ranks;
    for look in 1..6 loop
      if cardinality(of_ranks) = 1 then
        ${fromOneSql} into found_jobs, found_lanes;
      else
        ${fromManySql} into found_jobs, found_lanes;
      end if;
      exit when found_jobs is null;

      is_last := cardinality(of_ranks) = 1 or cardinality(found_jobs) < most;
      select min(place) - 1 into ahead from unnest(found_lanes) with ordinality as one (lane, place)
      where lane is not null;
      found_jobs := found_jobs[1:coalesce(ahead, most)];
      if cardinality(of_ranks) > 1 then found_jobs := ${lockedSql}; end if;
      return query ${takeSql};
      given := given + cardinality(found_jobs);
      exit when given >= wanted or ahead is not null or is_last;
      most := most * 4;
    end loop;
    if ahead is not null and given < wanted then
      return next nothing;
    elsif given = 0 then
      ${soonestSql} into nothing.due_at;
      if nothing.due_at is not null then return next nothing; end if;
    end if;
  end
  {quote}`
