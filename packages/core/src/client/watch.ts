import type { Clock } from '../clock.js'
import { JobNotFoundError, JobUnfinishedError } from '../errors.js'
import { isEnded, type Store } from '../store/index.js'
import { inTime } from './in-time.js'
import { type JobDetails, viewJobDetails } from './view.js'

export interface WatchOptions {
  /** How often the job is looked up. At least 10. @defaultValue 1_000 */
  readonly pollMs?: number
  readonly signal?: AbortSignal
}

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
export async function* watchJob<Output>(
  id: string,
  { pollMs = 1_000, signal }: WatchOptions,
  deps: WatchDeps,
): AsyncGenerator<JobDetails<Output>, void, undefined> {
  let last = ''
  while (!signal?.aborted) {
    const changed = nextChange(id, pollMs, signal, deps)
    const job = await deps.store.get(id)
    if (!job) throw new JobNotFoundError(id)
    const view = viewJobDetails<Output>(job, deps.clock.now())
    const seen = JSON.stringify({ ...view, dueAt: null, eta: null })
    if (seen !== last) yield view
    if (isEnded(job.state)) return changed.ignore()
    last = seen
    await changed.promise
  }
}

/** Listens before the job is read, so that a change in between is not missed. */
function nextChange(
  id: string,
  pollMs: number,
  signal: AbortSignal | undefined,
  { clock, onChange }: WatchDeps,
) {
  const over = new AbortController()
  const off = onChange(id, () => over.abort())
  const stop = signal ? AbortSignal.any([over.signal, signal]) : over.signal
  const promise = clock.sleep(Math.max(10, pollMs), { signal: stop, background: true }).finally(off)
  return { promise, ignore: () => over.abort() }
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
