import type { WorkizJob } from '../client/types.js'
import type { WorkizEntry } from '../store.js'
import { fingerprint } from './fingerprint.js'
import { wallClocks } from './wall-clock.js'

/**
 * Makes the entry that a sync would store for a job: for filling a store by other means.
 *
 * @param accountTimeZone IANA name; a job's own `Timezone` wins.
 */
export function entryMaker(accountTimeZone: string): (job: WorkizJob) => WorkizEntry {
  const clockOf = wallClocks(accountTimeZone)
  return job => ({
    uuid: job.UUID,
    hash: fingerprint(job),
    jobDateTime: clockOf(job.Timezone).toInstant(job.JobDateTime),
    job,
  })
}
