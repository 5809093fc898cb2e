import { earlier } from '../earlier.js'
import type { Counts, Job, JobFilter } from '../store/index.js'
import { transitions } from '../store/index.js'

export function count(jobs: readonly Job[], { group }: JobFilter, now: number): Counts {
  const states = Object.fromEntries(Object.keys(transitions).map(state => [state, 0])) as Record<
    Job['state'],
    number
  >
  const progress = { done: 0, failed: 0, skipped: 0, total: 0 }
  let dueAt: number | null = null
  let startedAt: number | null = null
  for (const job of jobs) {
    states[job.state]++
    progress.done += job.progress.done
    progress.failed += job.progress.failed
    progress.skipped += job.progress.skipped
    progress.total += job.progress.total ?? 0
    if (willBeDue(job)) dueAt = earlier(dueAt, job.dueAt)
    if (group !== undefined) startedAt = earlier(startedAt, job.startedAt)
  }
  return { states, progress, dueInMs: dueAt === null ? null : dueAt - now, startedAt }
}

function willBeDue({ state }: Job) {
  return state === 'waiting' || state === 'running'
}
