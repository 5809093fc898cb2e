import type { Clock } from '../clock.js'
import { LonghaulError } from '../store/index.js'
import type { Notify } from './events.js'
import type { HeldJob } from './held-job.js'
import { type Outcome, outcomeOf } from './outcome.js'

export interface StuckDeps {
  readonly clock: Clock
  readonly notify: Notify
  /** How long a handler may go on after it was told to stop. */
  readonly stuckAfterMs: number
}

/** How a handler ended; or why it was told to stop, if it takes no notice of that: then it is stuck. */
export function unlessStuck(handled: Promise<Outcome>, held: HeldJob, deps: StuckDeps): Promise<Outcome> {
  const { stop } = held
  return new Promise(resolve => {
    const over = new AbortController()
    stop.onAbort(async () => {
      await deps.clock.sleep(deps.stuckAfterMs, { signal: over.signal, background: true, unref: true })
      if (over.signal.aborted) return
      deps.notify({ type: 'stuck', job: held, error: stuck(held, deps.stuckAfterMs) })
      resolve(outcomeOf(undefined, stop))
    })
    void handled.then(outcome => {
      over.abort()
      resolve(outcome)
    })
  })
}

function stuck({ claimed: { id, processor } }: HeldJob, ms: number): LonghaulError {
  const message = `The handler of "${processor}" still runs ${ms} ms after job ${id} was told to stop. Pass its signal on to what it waits for. Its slot is free again, but this process takes the job again only when the handler has returned.`
  return new LonghaulError('handler_stuck', message)
}
