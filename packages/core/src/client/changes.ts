import type { Clock } from '../clock.js'
import { checkMs } from '../durations.js'
import { isEnded, type JobState } from '../store/index.js'

/** How a job or a group is followed. */
export interface WatchOptions {
  /** How often it looks. At least 10. @defaultValue 1_000 */
  readonly pollMs?: number
  /** Ends it, without an error. @defaultValue none */
  readonly signal?: AbortSignal
}

export interface ChangesDeps {
  readonly clock: Clock
  /** Calls back where a change may be seen before the next poll. */
  onChange?(listener: () => void): () => void
}

/** Gives what it sees now and after each change, up to the end. It also ends, quietly, when the signal aborts. */
export async function* changesOf<View extends { readonly state: JobState }>(
  look: () => Promise<View>,
  { pollMs = 1_000, signal }: WatchOptions,
  deps: ChangesDeps,
): AsyncGenerator<View, void, undefined> {
  checkMs('pollMs', pollMs)
  let last = ''
  while (!signal?.aborted) {
    const changed = nextChange(Math.max(10, pollMs), signal, deps)
    const view = await look().catch(error => {
      changed.ignore()
      throw error
    })
    const seen = JSON.stringify({ ...view, dueAt: null, eta: null })
    if (seen !== last) yield view
    if (isEnded(view.state)) return changed.ignore()
    last = seen
    await changed.promise
  }
}

/** Listens before anyone looks, so that a change in between is not missed. */
function nextChange(pollMs: number, signal: AbortSignal | undefined, { clock, onChange }: ChangesDeps) {
  const over = new AbortController()
  const off = onChange?.(() => over.abort())
  const stop = signal ? AbortSignal.any([over.signal, signal]) : over.signal
  const promise = clock.sleep(pollMs, { signal: stop, background: true }).finally(off)
  return { promise, ignore: () => over.abort() }
}
