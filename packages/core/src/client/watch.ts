import type { Clock } from '../clock.js'
import { JobNotFoundError, JobUnfinishedError } from '../errors.js'
import { isEnded, type Store } from '../store/index.js'
import { changesOf, type WatchOptions } from './changes.js'
import { inTime } from './in-time.js'
import { type JobDetails, viewJobDetails } from './view.js'

/** How long a job is waited for, and how it is followed meanwhile. */
export interface WaitOptions extends WatchOptions {
  /** Give up after this long. Absent: wait for as long as it takes. */
  readonly timeoutMs?: number
}

interface WatchDeps {
  readonly store: Pick<Store, 'get'>
  readonly clock: Clock
  /** Calls back when the job changed in this process. */
  onChange(id: string, listener: () => void): () => void
}

/**
 * Gives the job now and after each change, up to its end; then it is over. It also ends, quietly, when the
 * signal aborts.
 *
 * @throws {JobNotFoundError}
 */
export function watchJob<Output>(
  id: string,
  options: WatchOptions,
  { store, clock, onChange }: WatchDeps,
): AsyncGenerator<JobDetails<Output>, void, undefined> {
  async function look() {
    const job = await store.get(id)
    if (!job) throw new JobNotFoundError(id)
    return viewJobDetails<Output>(job, clock.now())
  }
  return changesOf(look, options, { clock, onChange: listener => onChange(id, listener) })
}

/** @throws {JobUnfinishedError} when it ended without a result, or not in time. @throws {JobNotFoundError} */
export async function waitForJob<Output>(
  id: string,
  options: WaitOptions,
  deps: WatchDeps,
): Promise<JobDetails<Output>> {
  let state = 'unknown'
  return inTime(options, deps.clock, async signal => {
    for await (const job of watchJob<Output>(id, { ...options, signal }, deps)) {
      state = job.state
      if (isEnded(job.state)) return completed(job)
    }
    options.signal?.throwIfAborted()
    throw new JobUnfinishedError(id, state, `it did not end within ${options.timeoutMs} ms`)
  })
}

function completed<Output>(job: JobDetails<Output>): JobDetails<Output> {
  if (job.state === 'completed' || job.state === 'completed_with_errors') return job
  const message = job.errors?.last.message ?? 'it ended without a result'
  throw new JobUnfinishedError(job.id, job.state, message, job.errors?.last)
}
