import { uuidv7 } from 'uuidv7'
import type { Clock, Random } from '../clock.js'
import type { Wanted } from '../pauses/index.js'
import { backoffMs } from '../retry/backoff.js'
import type { Job, Store } from '../store/index.js'
import { createAgeing } from './ageing.js'
import type { Notify } from './events.js'

export interface ClaimerDeps {
  readonly store: Pick<Store, 'claim'>
  readonly clock: Clock
  readonly random: Random
  readonly leaseMs: number
  /** One of so many slots goes to the longest due job; `false` for none. */
  readonly ageing: number | false
  /** What is left of that, of what people have paused or switched off; `undefined` when nothing is. */
  mayClaim(wanted: Wanted): Wanted | undefined
  readonly notify: Notify
}

const claimBackoff = { type: 'exponential', delayMs: 100, maxMs: 10_000 } as const

export interface Claimer {
  /** Answers with nothing when the store fails, and keeps the error. */
  claim(limit: number): Promise<readonly Job[]>
  /** Failures in a row, and the last one. */
  failures(): { readonly count: number; readonly error: unknown }
  /** Waits before a failed claim is repeated. */
  backOff(signal: AbortSignal): Promise<void>
}

/**
 * Asks the store for jobs. The same claim is repeated until its reply arrives: what it took would wait for its lease to end
 * otherwise.
 *
 * @param start Where in a round of {@link createAgeing} it begins.
 */
export function createClaimer(deps: ClaimerDeps, all: Wanted, start: number): Claimer {
  const { store, clock, random, leaseMs } = deps
  const ageing = createAgeing(deps.ageing, start)
  let claimId = uuidv7()
  let failures = 0
  let error: unknown

  function nothing(): readonly Job[] {
    failures = 0
    deps.notify({ type: 'claimed', jobs: 0 })
    return []
  }

  return {
    async claim(limit) {
      const wanted = deps.mayClaim(all)
      if (!wanted) return nothing()
      const order = ageing.orderOf(limit)
      try {
        const jobs = await store.claim({ ...wanted, claimId, order, limit, leaseMs })
        claimId = uuidv7()
        ageing.claimed(jobs.length, order)
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

    failures: () => ({ count: failures, error }),

    backOff: signal => clock.sleep(backoffMs(claimBackoff, failures, error, random), { signal }),
  }
}
