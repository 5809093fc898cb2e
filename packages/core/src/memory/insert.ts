import type { Job, NewJob } from '../store/index.js'
import type { Entry, Tables } from './tables.js'

/** Adds what is not there yet. `jobs` are the store's own copies, so that nothing can fail half-way. */
export function insert(tables: Tables, jobs: readonly NewJob[], now: number): Entry[] {
  return jobs.map(fresh => {
    const job = toJob(fresh, now)
    return tables.sameAs(job) ?? tables.add(job)
  })
}

function toJob(fresh: NewJob, now: number): Job {
  return {
    id: fresh.id,
    processor: fresh.processor,
    queue: fresh.queue,
    input: fresh.input,
    priority: fresh.priority,
    key: fresh.key,
    lane: fresh.lane,
    laneLimit: fresh.laneLimit,
    tenant: fresh.tenant,
    correlationId: fresh.correlationId,
    tags: fresh.tags,
    state: 'waiting',
    token: 0,
    wish: null,
    createdAt: now,
    dueAt: fresh.runAt ?? now + fresh.delayMs,
    startedAt: null,
    endedAt: null,
    ...unworked,
  }
}

const unworked = {
  cursor: null,
  output: null,
  error: null,
  memo: null,
  progress: { done: 0, failed: 0, skipped: 0, total: null },
  attempts: 0,
  crashes: 0,
  interruptions: 0,
  throttles: 0,
}
