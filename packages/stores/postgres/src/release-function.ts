/** Everywhere else an awaited job that has ended is not awaited any more, so these were just ended. */
const justEndedSql = 'array(select seq from {jobs} where awaited and ended_at is not null)'

/** A new job that waits for one that has ended otherwise does so in vain; one that did before was tried again by hand. */
const endedBeforeSql = `
  array(
    select job.seq from {jobs} as job
    where job.state in ('failed', 'cancelled') and job.seq in (
      select edge.awaited from {edges} as edge
      where edge.job in (select new.seq from {jobs} as new where new.id in (select unnest(newcomers)))))`

const canEnd = "waiter.state in ('blocked', 'paused')"
const endsInVain = "(is_vain and state in ('blocked', 'paused'))"

const releaseSql = `
  with recursive root as (
    select seq, state in ('completed', 'completed_with_errors') as is_good from {jobs} where seq = any(roots)),
  vain as (
    select edge.job from root join {edges} as edge on edge.awaited = root.seq
      join {jobs} as waiter on waiter.seq = edge.job
    where not is_good and edge.outcome = 'succeeded' and ${canEnd} and (newcomers is null or waiter.waits_for < 0)
    union
    select edge.job from vain join {edges} as edge on edge.awaited = vain.job
      join {jobs} as waiter on waiter.seq = edge.job
    where edge.outcome = 'succeeded' and ${canEnd}),
  over as (select seq, is_good from root union all select job, false from vain),
  told as (
    delete from {edges} as edge using over
    where edge.awaited = over.seq and (over.is_good or edge.outcome = 'ended')
    returning edge.job),
  concerned as (
    select job, sum(told)::integer as told, bool_or(is_vain) as is_vain from (
      select seq as job, 0 as told, false as is_vain from root
      union all select job, 0, true from vain
      union all select job, 1, false from told) as part
    group by job)
  update {jobs} as job set
    waits_for = waits_for - told,
    state = case when ${endsInVain} then 'cancelled'
      when state = 'blocked' and waits_for = told then 'waiting' else state end,
    ended_at = case when ${endsInVain} then instant else ended_at end,
    awaited = awaited and ended_at is null and not ${endsInVain}
  from concerned where job.seq = concerned.job`

/**
 * Tells those who wait for jobs that have ended: they wait for one less, or in vain; and so on down the chain, whose
 * jobs are known before the first of them is changed. A function for the sake of its settings, as that for claims: each
 * step finds its few rows by an index, however many wait, and whatever the server knew of the tables.
 */
export const releaseFunctionSql = `
  create function {release}(instant bigint, newcomers text[]) returns void language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
  set plan_cache_mode = force_generic_plan set jit = off
  as {quote}
  declare
    roots bigint[];
  begin
    if newcomers is null then
      roots := ${justEndedSql};
    else
      roots := ${endedBeforeSql};
    end if;
    if cardinality(roots) = 0 then return; end if;
    ${releaseSql};
  end
  {quote}`
