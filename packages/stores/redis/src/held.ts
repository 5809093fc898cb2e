import type { Spec } from './spec.js'

export interface HeldJob {
  readonly seq: string
  readonly spec: Spec
}

/**
 * What was decided about jobs that were claimed here: it never changes, so no commit has to ask for it again.
 * Forgetting costs a little time, never a wrong answer.
 */
export interface Held {
  add(job: HeldJob): void
  find(id: string): HeldJob | undefined
  remove(id: string): void
}

const mostHeld = 10_000

export function heldJobs(): Held {
  const jobs = new Map<string, HeldJob>()

  return {
    add(job) {
      const [oldest] = jobs.size < mostHeld ? [] : jobs.keys()
      if (oldest !== undefined) jobs.delete(oldest)
      jobs.set(job.spec.id, job)
    },
    find: id => jobs.get(id),
    remove: id => void jobs.delete(id),
  }
}
