import { type Job, type NewJob, StoreError } from '@longhaul/core/store'
import type { Connection } from './connection.js'
import { insertedJob, jobsIn, newcomer, type WholeJobs } from './jobs.js'
import { insertScript } from './scripts/insert.js'

/** All or none means one script, during which the server answers nobody else. */
const mostJobs = 50_000

export async function insertJobs({ run }: Connection, jobs: readonly NewJob[]): Promise<Job[]> {
  if (jobs.length === 0) return []
  if (jobs.length > mostJobs) throw tooMany(jobs.length)
  const copies = jobs.map(job => ({ ...job, tags: [...job.tags] }))
  const args = [copies.length, copies.flatMap(newcomer)].flat()
  const [now, fresh, stored] = (await run(insertScript, args)) as [string, string, WholeJobs]
  const known = jobsIn(stored).values()
  return copies.map((job, place) =>
    fresh[place] === '1' ? insertedJob(job, Number(now)) : (known.next().value as Job),
  )
}

function tooMany(count: number) {
  const message = `${count} jobs are more than one insert can take at once: give it at most ${mostJobs}.`
  return new StoreError('store_failed', 'redis', message)
}
