import { uuidv7 } from 'uuidv7'
import type { Clock, Random } from '../clock.js'
import { type Paused, without } from '../pauses/index.js'
import { backoffMs } from '../retry/backoff.js'
import type { Job, Store } from '../store/index.js'
import type { Notify } from './events.js'

export interface ClaimerDeps {
  readonly store: Pick<Store, 'claim'>
  readonly clock: Clock
  readonly random: Random
  readonly leaseMs: number
  readonly queues: readonly string[] | undefined
  /** As far as this process has heard. */
  paused(): Paused
  readonly notify: Notify
}

const claimBackoff = { type: 'exponential', delayMs: 100, maxMs: 10_000 } as const

/**
 * Asks the store for jobs. The same claim is repeated until its reply arrives: what it took would wait for its
 * lease to end otherwise.
 */
export function createClaimer(deps: ClaimerDeps, processors: readonly string[]) {
  const { store, clock, random, leaseMs, queues } = deps
  const all = queues ? { processors, queues } : { processors }
  let claimId = uuidv7()
  let failures = 0
  let error: unknown

  function nothing(): readonly Job[] {
    failures = 0
    deps.notify({ type: 'claimed', jobs: 0 })
    return []
  }

  return {
    /** Answers with nothing when the store fails, and keeps the error. */
    async claim(limit: number): Promise<readonly Job[]> {
      const wanted = without(all, deps.paused())
      if (!wanted) return nothing()
      try {
        const jobs = await store.claim({ ...wanted, claimId, limit, leaseMs })
        claimId = uuidv7()
        failures = 0
        deps.notify({ type: 'claimed', jobs: jobs.length })
        return jobs
      } catch (thrown) {
        failures++
        error = thrown
        deps.notify({ type: 'error', error })
        return []
      }
    },

    /** Failures in a row, and the last one. */
    failures: () => ({ count: failures, error }),

    /** Waits before a failed claim is repeated. */
    backOff: (signal: AbortSignal) =>
      clock.sleep(backoffMs(claimBackoff, failures, error, random), { signal }),
  }
}
