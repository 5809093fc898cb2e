import { setTimeout as sleep } from 'node:timers/promises'
import type { Runner } from '@longhaul/core'
import { isEnded, type JobState, type Store } from '@longhaul/core/store'
import type { StoredJob } from './evidence.js'

const drainMs = 30_000

/** Waits until every job has ended, but not for ever: what has not is for the audit to find. */
export async function drained(runner: Runner): Promise<void> {
  const deadline = Date.now() + drainMs
  while (Date.now() < deadline) {
    const { states } = await runner.stats()
    const open = Object.entries(states).filter(([state]) => !isEnded(state as JobState))
    if (open.every(([, count]) => count === 0)) return
    await sleep(50)
  }
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
