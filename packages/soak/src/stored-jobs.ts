import { setTimeout as sleep } from 'node:timers/promises'
import type { Runner } from '@longhaul/core'
import { isEnded, type JobState, type Store } from '@longhaul/core/store'
import type { StoredJob } from './evidence.js'

/** Far more than it takes: on a busy machine a late job must not pass for a lost one. */
const drainMs = 120_000

/** Waits until every job has ended, but not for ever: what has not is for the audit to find. */
export async function drained(runner: Runner): Promise<void> {
  const deadline = Date.now() + drainMs
  while (Date.now() < deadline && (await anyOpen(runner))) await sleep(50)
}

/** Where nobody answers in time, as on a busy machine, some may be. */
async function anyOpen(runner: Runner): Promise<boolean> {
  const states = await runner.stats().then(
    counts => Object.entries(counts.states),
    () => undefined,
  )
  return states?.some(([state, count]) => count > 0 && !isEnded(state as JobState)) ?? true
}

export async function allJobs(store: Store): Promise<readonly StoredJob[]> {
  const jobs: StoredJob[] = []
  for (let after: string | null | undefined; after !== null; ) {
    const page = await store.list({}, { limit: 1_000, ...(after === undefined ? {} : { after }) })
    for (const { id, state, token, cursor, progress } of page.jobs)
      jobs.push({ id, state, token, cursor, progress })
    after = page.next
  }
  return jobs
}
