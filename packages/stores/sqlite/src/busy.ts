import type { Clock, Random } from '@longhaul/core/store'
import { StoreError } from '@longhaul/core/store'
import { isBusy, toStoreError } from './errors.js'

export interface Patience {
  readonly clock: Clock
  readonly random: Random
  /** How long a call tries before it gives up. */
  readonly busyRetryMs: number
}

/** The most that a wait between two tries can be. */
const longestPauseMs = 250

/**
 * Does `work` now, and again while the database is held by someone else. Between two tries it waits without
 * blocking the event loop, for a random part of a pause that doubles.
 */
export async function patiently<Result>(
  work: () => Result,
  { clock, random, busyRetryMs }: Patience,
): Promise<Result> {
  const until = clock.now() + busyRetryMs
  for (let pauseMs = 10; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error)) throw toStoreError(error)
      if (clock.now() >= until) throw stillBusy(busyRetryMs, error)
    }
    await clock.sleep(random() * pauseMs)
  }
}

function stillBusy(busyRetryMs: number, cause: unknown) {
  const message = `Something else has held the database for more than ${busyRetryMs} ms. Look for a long write transaction.`
  return new StoreError('store_busy', 'sqlite', message, { retryable: true, cause })
}

/** Lets one task run at a time, in the order they came: side by side they would each block the loop in turn. */
export function oneAtATime() {
  let last: Promise<unknown> = Promise.resolve()

  return <Result>(task: () => Promise<Result>): Promise<Result> => {
    const result = last.then(task)
    last = result.catch(() => {})
    return result
  }
}
