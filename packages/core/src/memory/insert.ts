import { freshJob, type NewJob } from '../store/index.js'
import { insertInOrder } from './after.js'
import type { Entry, Tables } from './tables.js'

/** Adds what is not there yet. All are copied before the first is added, so that nothing can fail half-way. */
export function insert(tables: Tables, jobs: readonly NewJob[], now: number): Entry[] {
  if (jobs.some(({ after }) => after)) return insertInOrder(tables, jobs, now)
  const copies = jobs.map(job => freshJob(job, now))
  return copies.map(job => tables.sameAs(job) ?? tables.add(job))
}
