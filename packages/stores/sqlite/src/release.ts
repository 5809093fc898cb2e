import { listOf, type Sql } from './sql.js'

/** Whether any job waits for another one. Most stores hold none, and then there is nobody to tell of an end. */
export function anyoneWaits(sql: Sql): boolean {
  return sql.get('select 1 from {edges} limit 1') !== undefined
}

/** Tells those who wait for jobs that have just ended: they wait for one less, or in vain; and so on. */
export function release(sql: Sql, ended: readonly number[], now: number): void {
  for (let next = ended; next.length > 0; ) {
    const jobs = listOf(next)
    const satisfied = sql.all<{ job: number }>(satisfiedSql, { jobs }).map(({ job }) => job)
    if (satisfied.length > 0) sql.run(countDownSql, { satisfied: listOf(satisfied) })
    next = sql.all<{ seq: number }>(inVainSql, { jobs, now }).map(({ seq }) => seq)
  }
}

const amongJobs = 'in (select value from json_each(@jobs))'

const satisfiedSql = `
  delete from {edges}
  where awaited ${amongJobs} and (outcome = 'ended' or awaited in (
    select seq from {jobs} where seq ${amongJobs} and state in ('completed', 'completed_with_errors')))
  returning job`

const countDownSql = `
  update {jobs} set
    waits_for = waits_for - told.times,
    state = iif(state = 'blocked' and waits_for = told.times, 'waiting', state)
  from (select value as job, count(*) as times from json_each(@satisfied) group by value) as told
  where seq = told.job`

/** The edges that are left stand for what did not come. */
const inVainSql = `
  update {jobs} set state = 'cancelled', ended_at = @now
  where seq in (select job from {edges} where awaited ${amongJobs}) and state in ('blocked', 'paused')
  returning seq`
