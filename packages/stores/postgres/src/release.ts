/**
 * Who waits for whom changes behind this advisory lock alone: inserts of jobs that wait, and ends of jobs that are
 * waited for, come one at a time. All other work never asks for it; it leaves alone what is `awaited`.
 */
export const orderLock = 'order'

/**
 * Tells those who wait for jobs that have ended: they wait for one less, or in vain; and so on down the chain, whose
 * jobs are known before the first of them is changed.
 *
 * @param roots Which jobs have just ended, as a condition on `job`.
 * @param waiters Whom of those that wait for them it tells, as a condition on `waiter`.
 */
export function releaseSql(roots: string, waiters = 'true'): string {
  return `
  with recursive root as (
    select seq, state in ('completed', 'completed_with_errors') as is_good from {jobs} as job where ${roots}),
  vain as (
    select edge.job from root join {edges} as edge on edge.awaited = root.seq
      join {jobs} as waiter on waiter.seq = edge.job
    where not is_good and edge.outcome = 'succeeded' and ${canEnd} and ${waiters}
    union
    select edge.job from vain join {edges} as edge on edge.awaited = vain.job
      join {jobs} as waiter on waiter.seq = edge.job
    where edge.outcome = 'succeeded' and ${canEnd}),
  told as (
    delete from {edges} as edge
    where edge.awaited in (select seq from root where is_good or edge.outcome = 'ended')
      or (edge.outcome = 'ended' and edge.awaited in (select job from vain))
    returning edge.job),
  less as (select job, count(*)::integer as told from told group by job),
  concerned as (select seq as job from root union select job from vain union select job from less)
  update {jobs} as job set
    waits_for = waits_for - coalesce(told, 0),
    state = case when ${isVain} then 'cancelled'
      when state = 'blocked' and waits_for = coalesce(told, 0) then 'waiting' else state end,
    ended_at = case when ${isVain} then {now} else ended_at end,
    awaited = awaited and ended_at is null and not ${isVain}
  from concerned left join less using (job)
  where job.seq = concerned.job`
}

const canEnd = "waiter.state in ('blocked', 'paused')"
const isVain = "(state in ('blocked', 'paused') and job.seq in (select job from vain))"

/** Everywhere else an awaited job that has ended is not awaited any more, so this finds those that were just ended. */
export const justEnded = 'job.awaited and job.ended_at is not null'
