import { freshJob, type Job, type NewJob, toStorable } from '@longhaul/core/store'
import { type JobRow, jobColumns, kept, toJob } from './rows.js'
import type { Sql } from './sql.js'

export function insertJobs(sql: Sql, jobs: readonly NewJob[]): Job[] {
  const now = sql.now()
  return jobs.map(job => insertJob(sql, freshJob(job, now)))
}

function insertJob(sql: Sql, job: Job): Job {
  const added = isPlain(job) ? sql.run(plainSql, plainValues(job)) : sql.run(fullSql, fullValues(job))
  if (added === 0) return toJob(alreadyThere(sql, job))
  for (const tag of job.tags) sql.run(tagSql, { tag: toStorable(tag), id: toStorable(job.id) })
  return job
}

/** Most jobs have none of these. Each value that is not passed makes the insert faster. */
function isPlain({ key, lane, laneLimit, tenant, correlationId, tags }: Job) {
  const belongsNowhere = lane === null && laneLimit === 1 && tenant === null && correlationId === null
  return key === null && belongsNowhere && tags.length === 0
}

function plainValues({ id, processor, queue, input, priority, dueAt, createdAt }: Job) {
  const texts = [toStorable(id), toStorable(processor), toStorable(queue), toStorable(input)]
  return [...texts, 0 - priority, dueAt, createdAt]
}

function fullValues(job: Job) {
  const { key, lane, laneLimit, tenant, correlationId, tags } = job
  const tagList = tags.length > 0 ? JSON.stringify(tags) : null
  return [...plainValues(job), kept(key), kept(lane), laneLimit, kept(tenant), kept(correlationId), tagList]
}

/** What an insert does nothing for: the job with the same id, or else with the same key. */
function alreadyThere(sql: Sql, job: Job): JobRow {
  const [id, processor] = [toStorable(job.id), toStorable(job.processor)]
  const [key, tenant] = [kept(job.key), kept(job.tenant)]
  const [found] = sql.rows<JobRow>(byIdSql, { id })
  return found ?? (sql.rows<JobRow>(byKeySql, { processor, key, tenant })[0] as JobRow)
}

const plainColumns = ['id', 'processor', 'queue', 'input', 'rank', 'due_at', 'created_at']
const plainSql = insertOf(plainColumns)
const fullSql = insertOf([...plainColumns, 'key', 'lane', 'lane_limit', 'tenant', 'correlation_id', 'tags'])

/** The other columns begin as the schema says, and as `freshJob` has it. */
function insertOf(columns: readonly string[]) {
  const values = columns.map(() => '?')
  return `insert into {jobs} (${columns.join(', ')}) values (${values.join(', ')}) on conflict do nothing`
}

const byIdSql = `select ${jobColumns()} from {jobs} where id = @id`

const byKeySql = `
  select ${jobColumns()} from {jobs}
  where processor = @processor and key = @key and ifnull(tenant, x'') = ifnull(@tenant, x'')`

const tagSql = 'insert or ignore into {tags} (tag, job) select @tag, seq from {jobs} where id = @id'
