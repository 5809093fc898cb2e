import { type Clock, StoreError } from '@longhaul/core/store'

export interface Deadline {
  leftMs(): number
  /** Waits for `work`, but no longer than is left. What `work` does is not stopped by that. */
  hold<Result>(work: Promise<Result>): Promise<Result>
  /** Lets go of the timer. */
  clear(): void
}

export function deadlineIn(ms: number, clock: Clock): Deadline {
  const until = clock.now() + ms
  const cleared = new AbortController()
  const { signal } = cleared
  const over = clock.sleep(ms, { background: true, unref: true, signal }).then(() => {
    if (!signal.aborted) throw tooLate(ms)
    return new Promise<never>(() => {})
  })
  over.catch(() => {})

  return {
    leftMs: () => until - clock.now(),
    hold: work => Promise.race([work, over]),
    clear: () => cleared.abort('cleared'), // without a reason, one is made with a stack
  }
}

function tooLate(ms: number) {
  const message = `The server gave no answer within ${ms} ms. What was asked may still be done: repeat the call.`
  return new StoreError('store_unavailable', 'postgres', message, { retryable: true })
}
