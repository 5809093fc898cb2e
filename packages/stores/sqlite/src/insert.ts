import { type Job, type NewJob, toStorable } from '@longhaul/core/store'
import { type JobRow, newRow, toJob } from './rows.js'
import type { Sql, Values } from './sql.js'

export function insertJobs(sql: Sql, jobs: readonly NewJob[]): Job[] {
  const now = sql.now()
  return jobs.map(job => insertJob(sql, job, now))
}

function insertJob(sql: Sql, job: NewJob, now: number): Job {
  const values = newRow(job, now)
  const added = sql.get<JobRow>(insertSql, values)
  if (!added) return toJob(alreadyThere(sql, values))
  for (const tag of job.tags) sql.run(tagSql, { tag: toStorable(tag), job: added.seq })
  return toJob(added)
}

/** What an insert does nothing for: the job with the same id, or else with the same key. */
function alreadyThere(sql: Sql, values: Values): JobRow {
  return (sql.get(byIdSql, values) ?? sql.get(byKeySql, values)) as JobRow
}

const insertSql = `
  insert into {jobs} (state, id, processor, queue, input, rank, due_at, key, lane, lane_limit, tenant, correlation_id,
    tags, created_at)
  values ('waiting', @id, @processor, @queue, @input, @rank, @due_at, @key, @lane, @lane_limit, @tenant,
    @correlation_id, @tags, @created_at)
  on conflict do nothing
  returning *`

const byIdSql = 'select * from {jobs} where id = @id'

const byKeySql = `
  select * from {jobs}
  where processor = @processor and key = @key and ifnull(tenant, x'') = ifnull(@tenant, x'')`

const tagSql = 'insert or ignore into {tags} (tag, job) values (@tag, @job)'
