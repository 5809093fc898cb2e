import { freshJob, type NewJob } from '../store/index.js'
import type { Entry, Tables } from './tables.js'

/** Adds what is not there yet. `jobs` are the store's own copies, so that nothing can fail half-way. */
export function insert(tables: Tables, jobs: readonly NewJob[], now: number): Entry[] {
  return jobs.map(fresh => {
    const job = freshJob(fresh, now)
    return tables.sameAs(job) ?? tables.add(job)
  })
}
