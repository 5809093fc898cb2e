import { type RetentionRule, toStorable } from '@longhaul/core/store'
import { listOf, type Sql } from './sql.js'

/** Jobs in one transaction: their records may be many. */
export const pruneChunk = 200

/** Deletes up to `limit` jobs with everything of theirs, the longest ended first. */
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
  for (const table of ['items', 'logs', 'tags'])
    sql.run(`delete from {${table}} where job in ${listed}`, { jobs })
  return sql.run(`delete from {jobs} where seq in ${listed}`, { jobs })
}

const listed = '(select value from json_each(@jobs))'

const outlivedSql = `
  select seq from {jobs}
  where ended_at <= @before and state in (select value from json_each(@states))
    and (@processors is null or processor in (select value from json_each(@processors)))
  order by ended_at, seq limit @limit`
