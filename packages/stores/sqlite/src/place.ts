import type { Wish } from '@longhaul/core/store'
import { kept } from './rows.js'
import { listOf, type Sql } from './sql.js'

/** Puts jobs into another queue, or gives them another priority, whatever their state. Answers how many that changed. */
export function placeJobs(
  sql: Sql,
  { queue, priority }: Extract<Wish, { kind: 'move' }>,
  seqs: readonly number[],
): number {
  const rank = priority === undefined ? null : 0 - priority
  return sql.run(placeSql, { seqs: listOf(seqs), queue: kept(queue ?? null), rank })
}

const placeSql = `
  update {jobs} set queue = ifnull(@queue, queue), rank = ifnull(@rank, rank)
  where seq in (select value from json_each(@seqs))
    and (queue <> ifnull(@queue, queue) or rank <> ifnull(@rank, rank))`
