import { type RetentionRule, toStorable } from '@longhaul/core/store'
import type { Sql } from './sql.js'

/** Records in one transaction: a single job may have a million. */
const recordChunk = 5_000

/**
 * Deletes up to `limit` jobs, the longest ended first. Their records can be found no more, and go with
 * {@link sweepRecords}; if the process ends before that, with the next one's.
 */
export async function pruneJobs(
  sql: Sql,
  { states, olderThanMs, processors }: RetentionRule,
  limit: number,
): Promise<number> {
  const row = await sql.get<{ jobs: string }>(pruneSql, {
    states,
    processors: processors?.map(toStorable),
    olderThanMs: Math.ceil(olderThanMs),
    limit,
  })
  return Number(row?.jobs)
}

/** Deletes a chunk of the records of removed jobs. Answers whether there may be more. */
export async function sweepRecords(sql: Sql): Promise<boolean> {
  const row = await sql.get<{ jobs: string }>(sweepSql, { limit: recordChunk })
  return Number(row?.jobs) > 0
}

const pruneSql = `
  with clock as materialized (select {now} as now),
  outlived as materialized (
    select seq from {jobs} as job
    where ended_at <= (select now from clock) - @olderThanMs::bigint and state = any(@states::text[])
      and (@processors::text[] is null or processor = any(@processors::text[]))
      and not exists (select from {edges} where awaited = job.seq)
    order by ended_at, seq limit @limit for update skip locked),
  waited as (delete from {edges} where job in (select seq from outlived)),
  noted as (
    insert into {removed} (job) select seq from outlived
    where exists (select from {items} where job = seq) or exists (select from {logs} where job = seq)),
  deleted as (delete from {jobs} where seq in (select seq from outlived) returning 1)
  select count(*) as jobs from deleted`

const sweepSql = `
  with batch as materialized (select job from {removed} order by job limit 100 for update skip locked),
  items as (
    delete from {items} where (job, place) in (
      select job, place from {items} where job in (select job from batch) limit @limit) returning 1),
  logs as (
    delete from {logs} where (job, place) in (
      select job, place from {logs} where job in (select job from batch) limit @limit) returning 1),
  done as (
    delete from {removed} where job in (select job from batch)
      and (select count(*) from items) < @limit and (select count(*) from logs) < @limit)
  select count(*) as jobs from batch`
