import { type Job, type NewJob, toStorable } from '@longhaul/core/store'
import { type JobRow, type NewRow, newRow, toJob } from './rows.js'
import type { Sql } from './sql.js'

export function insertJobs(sql: Sql, jobs: readonly NewJob[]): Job[] {
  const now = sql.now()
  return jobs.map(job => insertJob(sql, job, now))
}

function insertJob(sql: Sql, job: NewJob, now: number): Job {
  const row = newRow(job, now)
  const values = insertedColumns.map(column => row[column])
  if (sql.run(insertSql, values) === 0) return toJob(alreadyThere(sql, row))
  for (const tag of job.tags) sql.run(tagSql, { tag: toStorable(tag), id: row.id })
  return toJob(row)
}

/** What an insert does nothing for: the job with the same id, or else with the same key. */
function alreadyThere(sql: Sql, { id, processor, key, tenant }: NewRow): JobRow {
  return (sql.get(byIdSql, { id }) ?? sql.get(byKeySql, { processor, key, tenant })) as JobRow
}

const spec = ['id', 'processor', 'queue', 'input', 'key', 'lane', 'lane_limit', 'tenant', 'tags'] as const
/** The others begin as the schema says, and as `newRow` has it. */
const insertedColumns = [...spec, 'correlation_id', 'state', 'rank', 'due_at', 'created_at'] as const

const insertSql = `
  insert into {jobs} (${insertedColumns.join(', ')}) values (${insertedColumns.map(() => '?').join(', ')})
  on conflict do nothing`

const byIdSql = 'select * from {jobs} where id = @id'

const byKeySql = `
  select * from {jobs}
  where processor = @processor and key = @key and ifnull(tenant, x'') = ifnull(@tenant, x'')`

const tagSql = 'insert or ignore into {tags} (tag, job) select @tag, seq from {jobs} where id = @id'
