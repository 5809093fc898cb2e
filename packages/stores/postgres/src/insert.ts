import { freshJob, type Job, type NewJob } from '@longhaul/core/store'
import { insertInOrder } from './after.js'
import { insertSql } from './new-row.js'
import { recordset } from './recordset.js'
import { type JobRow, newColumns, toJob } from './rows.js'
import type { Sql } from './sql.js'
import { storedAsSql } from './stored-as.js'

/** One round trip where all are new; then only their number has to come back. */
export async function insertJobs(sql: Sql, jobs: readonly NewJob[]): Promise<Job[]> {
  if (jobs.length === 0) return []
  if (jobs.some(({ after }) => after)) return insertInOrder(sql, jobs)
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

async function storedAs(sql: Sql, jobs: readonly NewJob[]): Promise<Job[]> {
  const { sql: text, values } = storedAsSql(jobs)
  return (await sql.all<JobRow>(text, values)).map(toJob)
}
