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
  return new Promise(resolve => {
    held.stop.onAbort(() => resolve(unlessStuckNow(handled, held, deps)))
    void handled.then(resolve)
  })
}

/** Nearly no handler is ever told to stop, so nothing of this is made before that. */
async function unlessStuckNow(handled: Promise<Outcome>, held: HeldJob, deps: StuckDeps): Promise<Outcome> {
  const { clock, notify, stuckAfterMs } = deps
  const over = new AbortController()
  const sleep = clock.sleep(stuckAfterMs, { signal: over.signal, background: true, unref: true })
  const outcome = await Promise.race([handled, sleep])
  over.abort()
  if (outcome) return outcome
  notify({ type: 'stuck', job: held, error: stuck(held, stuckAfterMs) })
  return outcomeOf(undefined, held.stop)
}

function stuck({ claimed: { id, processor } }: HeldJob, ms: number): LonghaulError {
  const message = `The handler of "${processor}" still runs ${ms} ms after job ${id} was told to stop. Pass its signal on to what it waits for. Its slot is free again, but this process takes the job again only when the handler has returned.`
  return new LonghaulError('handler_stuck', message)
}
