import type { Job, NewJob } from './job.js'
import { orBlocked } from './transitions.js'

/** A job as it stands right after its insert, for a store that need not read back what it wrote. */
export function freshJob(job: NewJob, now: number): Job {
  return {
    id: job.id,
    processor: job.processor,
    queue: job.queue,
    input: job.input,
    priority: job.priority,
    key: job.key,
    lane: job.lane,
    laneLimit: job.laneLimit,
    tenant: job.tenant,
    correlationId: job.correlationId,
    tags: [...job.tags],
    group: job.group,
    note: job.note,
    state: 'waiting',
    token: 0,
    wish: null,
    waitsFor: 0,
    createdAt: now,
    dueAt: Math.ceil(job.runAt ?? now + job.delayMs),
    startedAt: null,
    endedAt: null,
    ...unworked(),
  }
}

/** A fresh job that waits for so many others, or does so in vain. */
export function blockedBy(job: Job, waitsFor: number, inVain = false): Job {
  if (inVain) return { ...job, waitsFor, state: 'cancelled', endedAt: job.createdAt }
  return { ...job, waitsFor, state: orBlocked(job.state, waitsFor) }
}

function unworked() {
  return {
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
}
