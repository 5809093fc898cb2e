import { freshJob, type Job, type NewJob } from '@longhaul/core/store'
import { recordset } from './recordset.js'
import { type JobRow, jobColumns, newColumns, toJob } from './rows.js'
import type { Sql } from './sql.js'

/** One round trip where all are new; then only their number has to come back. */
export async function insertJobs(sql: Sql, jobs: readonly NewJob[]): Promise<Job[]> {
  if (jobs.length === 0) return []
  const added = await addNew(sql, jobs)
  if (added.jobs === jobs.length) return jobs.map(job => freshJob(job, added.now))
  const stored = await storedAs(sql, jobs)
  return stored.length === jobs.length ? stored : insertJobs(sql, jobs)
}

async function addNew(sql: Sql, jobs: readonly NewJob[]) {
  const { sql: fresh, values } = recordset('new', newColumns, jobs)
  const text = `
    with clock as materialized (select {now} as now),
    fresh as (${fresh}),
    added as (${insertSql('fresh, clock', 'order by place')} returning 1)
    select (select now from clock) as now, (select count(*) from added) as jobs`
  const [row] = await sql.all<{ now: string; jobs: string }>(text, values)
  return { now: Number(row?.now), jobs: Number(row?.jobs) }
}

/** Adds what `from` holds: columns as of {@link newColumns}, and the `now` of a clock. */
export function insertSql(from: string, order: string): string {
  return `
    insert into {jobs} (state, id, processor, queue, input, rank, due_at, created_at, key, lane, lane_limit, tenant,
      correlation_id, tags)
    select 'waiting', id, processor, queue, input, rank, coalesce(run_at, now + delay_ms), now, key, lane, lane_limit,
      tenant, correlation_id, tags::text[]
    from ${from} ${order} on conflict do nothing`
}

/** What is stored for each: the job with the same id, or else with the same key. One that is gone again is left out. */
async function storedAs(sql: Sql, jobs: readonly NewJob[]): Promise<Job[]> {
  const { id, processor, key, tenant } = newColumns
  const { sql: wanted, values } = recordset('new', { id, processor, key, tenant }, jobs)
  const text = `
    select ${jobColumns}
    from (select wanted.place, found.* from (${wanted}) as wanted cross join lateral (
      select 1 as preference, job.* from {jobs} as job where job.id = wanted.id
      union all
      select 2, job.* from {jobs} as job
      where job.key is not null and job.key = wanted.key and job.processor = wanted.processor
        and coalesce(job.tenant, chr(1)) = coalesce(wanted.tenant, chr(1))
      order by preference limit 1) as found) as stored
    order by place`
  return (await sql.all<JobRow>(text, values)).map(toJob)
}
