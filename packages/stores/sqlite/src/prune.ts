import { type RetentionRule, toStorable } from '@longhaul/core/store'
import { listOf, type Sql } from './sql.js'

/** Jobs in one transaction. */
export const pruneChunk = 1_000

/** Records in one transaction: a single job may have a million. */
const recordChunk = 5_000

/**
 * Deletes up to `limit` jobs, the longest ended first. Their records can be found no more, and go with
 * {@link sweepRecords}; if the process ends before that, with the next one's.
 */
export function pruneJobs(
  sql: Sql,
  { states, olderThanMs, processors }: RetentionRule,
  limit: number,
): number {
  const found = sql.all<{ seq: number }>(outlivedSql, {
    states: listOf(states),
    processors: processors ? listOf(processors.map(toStorable)) : null,
    before: sql.now() - olderThanMs,
    limit,
  })
  const jobs = listOf(found.map(({ seq }) => seq))
  sql.run('insert into {removed} (job) select value from json_each(@jobs)', { jobs })
  sql.run('delete from {edges} where job in (select value from json_each(@jobs))', { jobs })
  sql.run('delete from {tags} where job in (select value from json_each(@jobs))', { jobs })
  return sql.run('delete from {jobs} where seq in (select value from json_each(@jobs))', { jobs })
}

/** Deletes a chunk of the records of removed jobs. Answers whether there may be more. */
export function sweepRecords(sql: Sql): boolean {
  for (const table of ['items', 'logs']) {
    if (sql.run(sweepSql(table), { limit: recordChunk }) === recordChunk) return true
  }
  sql.run('delete from {removed}')
  return false
}

const outlivedSql = `
  select seq from {jobs}
  where ended_at <= @before and state in (select value from json_each(@states))
    and (@processors is null or processor in (select value from json_each(@processors)))
    and not exists (select 1 from {edges} where awaited = {jobs}.seq)
  order by ended_at, seq limit @limit`

const sweepSql = (table: string) => `
  delete from {${table}} where (job, place) in (
    select job, place from {${table}} where job in (select job from {removed}) limit @limit)`
