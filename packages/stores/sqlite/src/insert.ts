import { freshJob, type Job, type NewJob } from '@longhaul/core/store'
import { insertInOrder } from './after.js'
import { insertJob } from './new-row.js'
import type { Sql } from './sql.js'

export function insertJobs(sql: Sql, jobs: readonly NewJob[]): Job[] {
  const now = sql.now()
  if (jobs.some(({ after }) => after)) return insertInOrder(sql, jobs, now)
  return jobs.map(job => insertJob(sql, freshJob(job, now)))
}
