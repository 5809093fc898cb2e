import { type Job, toStorable } from '@longhaul/core/store'
import { type JobRow, jobColumns, kept, toJob } from './rows.js'
import type { Sql } from './sql.js'

/** Adds a fresh job, and answers with it; or with the one that has its id or key already. */
export function insertJob(sql: Sql, job: Job): Job {
  const added = isPlain(job) ? sql.run(plainSql, plainValues(job)) : sql.run(fullSql, fullValues(job))
  if (added === 0) return alreadyThere(sql, job) as Job
  for (const tag of job.tags) sql.run(tagSql, { tag: toStorable(tag), id: toStorable(job.id) })
  return job
}

/** Most jobs have none of these. Each value that is not passed makes the insert faster. */
function isPlain({ state, key, lane, laneLimit, tenant, correlationId, group, note, tags }: Job) {
  const belongsNowhere = tenant === null && correlationId === null && group === null && tags.length === 0
  const isFree = state === 'waiting' && lane === null && laneLimit === 1
  return key === null && note === null && belongsNowhere && isFree
}

function plainValues({ id, processor, queue, input, priority, dueAt, createdAt }: Job) {
  const texts = [toStorable(id), toStorable(processor), toStorable(queue), toStorable(input)]
  return [...texts, 0 - priority, dueAt, createdAt]
}

function fullValues(job: Job) {
  const { key, lane, laneLimit, tenant, correlationId, group, note, tags } = job
  const names = [kept(key), kept(lane), laneLimit, kept(tenant), kept(correlationId), kept(group), kept(note)]
  const tagList = tags.length > 0 ? JSON.stringify(tags) : null
  return [...plainValues(job), ...names, tagList, job.state, job.waitsFor, job.endedAt]
}

/** What an insert does nothing for: the job with the same id, or else with the same key. */
export function alreadyThere(sql: Sql, job: Job): Job | undefined {
  const [id, processor] = [toStorable(job.id), toStorable(job.processor)]
  const [key, tenant] = [kept(job.key), kept(job.tenant)]
  const [byId] = sql.rows<JobRow>(byIdSql, { id })
  const found = byId ?? sql.rows<JobRow>(byKeySql, { processor, key, tenant })[0]
  return found && toJob(found)
}

const plainColumns = ['id', 'processor', 'queue', 'input', 'rank', 'due_at', 'created_at']
const plainSql = insertOf(plainColumns)
const namingColumns = ['key', 'lane', 'lane_limit', 'tenant', 'correlation_id', 'group_name', 'note', 'tags']
const fullSql = insertOf([...plainColumns, ...namingColumns, 'state', 'waits_for', 'ended_at'])

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
