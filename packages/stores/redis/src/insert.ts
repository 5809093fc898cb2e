import { freshJob, fromStorable, type Job, type NewJob, StoreError, unknownJob } from '@longhaul/core/store'
import type { Connection } from './connection.js'
import { newcomers } from './newcomers.js'
import { jobsIn, type Rows } from './rows.js'
import { insertScript } from './scripts/insert.js'

/** All or none means one script, during which the server answers nobody else. */
const mostJobs = 50_000

export async function insertJobs({ run }: Connection, jobs: readonly NewJob[]): Promise<Job[]> {
  if (jobs.length === 0) return []
  if (jobs.length > mostJobs) throw tooMany(jobs.length)
  const copies = jobs.map(job => ({ ...job, tags: [...job.tags] }))
  const [now, fresh, stored] = (await run(insertScript, newcomers(copies))) as Answer
  if (now === 'unknown') throw unknownJob('redis', fromStorable(fresh), fromStorable(stored))
  const known = jobsIn(stored).values()
  return copies.map((job, place) =>
    fresh === '' || fresh[place] === '1' ? insertedJob(job, Number(now)) : (known.next().value as Job),
  )
}

type Answer =
  | readonly [now: 'unknown', id: string, awaited: string]
  | readonly [now: `${number}`, fresh: string, stored: Rows]

/** What is stored of a job that was just inserted, without asking for it. A row has no due time before 1970. */
function insertedJob(job: NewJob, now: number): Job {
  const fresh = freshJob(job, now)
  return fresh.dueAt < 0 ? { ...fresh, dueAt: 0 } : fresh
}

function tooMany(count: number) {
  const message = `${count} jobs are more than one insert can take at once: give it at most ${mostJobs}.`
  return new StoreError('store_failed', 'redis', message)
}
