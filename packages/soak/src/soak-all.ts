import { bundleWorker } from './fleet/bundle.js'
import { summary } from './report.js'
import { type SoakReport, soak } from './soak.js'
import type { StoreName } from './stores.js'

/** 5,000 jobs in the two minutes that the tests take. */
const jobsPerMinute = 2_500
/** A kill or a pause, on each store. */
const faultEveryMs = 300
/** What starting, draining and auditing take. */
const overheadMs = 8_000

/**
 * Soaks the stores side by side, about so many minutes, and prints what came of it. Jobs are shared out: the more
 * stores, the fewer each of them gets.
 */
export async function soakAll(stores: readonly StoreName[], minutes: number): Promise<readonly SoakReport[]> {
  const share = {
    program: await bundleWorker(),
    jobs: Math.ceil((jobsPerMinute * minutes) / stores.length),
    durationMs: Math.max(5_000, minutes * 60_000 - overheadMs),
    faultEveryMs,
  }
  const reports = await Promise.all(stores.map(store => soak({ store, ...share })))
  console.log(summary(reports))
  return reports
}
