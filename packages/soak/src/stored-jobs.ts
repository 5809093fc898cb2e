import { setTimeout as sleep } from 'node:timers/promises'
import type { Runner } from '@longhaul/core'
import { isEnded, type JobState, type Store } from '@longhaul/core/store'
import type { StoredJob } from './evidence.js'

/** In so long some job ends, also on a busy machine: late jobs must not pass for lost ones. */
const patienceMs = 60_000

/** Waits until every job has ended, as long as any does: what has not is for the audit to find. */
export async function drained(runner: Runner): Promise<void> {
  let fewest = Number.POSITIVE_INFINITY
  for (let deadline = Date.now() + patienceMs; fewest > 0 && Date.now() < deadline; await sleep(100)) {
    const open = await countOpen(runner)
    if (open < fewest) deadline = Date.now() + patienceMs
    fewest = Math.min(fewest, open)
  }
}

/** Infinitely many where nobody answers in time. */
async function countOpen(runner: Runner): Promise<number> {
  try {
    const states = Object.entries((await runner.stats()).states)
    return states.reduce((sum, [state, count]) => sum + (isEnded(state as JobState) ? 0 : count), 0)
  } catch {
    return Number.POSITIVE_INFINITY
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
