import { type Clock, type Random, StoreError } from '@longhaul/core/store'
import type { Deadline } from './deadline.js'
import { isBusy, isLost, toStoreError } from './errors.js'

export interface Patience {
  readonly clock: Clock
  readonly random: Random
}

/** The most that a wait between two tries can be. */
const longestPauseMs = 250

/** Connections that turn out to be dead when they are used: several may have died together while they were idle. */
const mostLost = 3

/**
 * Does `work`, and all of it again when its transaction lost against another one, until the deadline; or when its
 * connection was lost, a few times. Between two tries it waits for a random part of a pause that doubles.
 */
export async function patiently<Result>(
  work: () => Promise<Result>,
  deadline: Deadline,
  { clock, random }: Patience,
): Promise<Result> {
  let lost = 0
  for (let pauseMs = 4; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await work()
    } catch (error) {
      if (!isBusy(error) && !(isLost(error) && ++lost <= mostLost)) throw toStoreError(error)
      if (deadline.leftMs() < pauseMs) throw isBusy(error) ? stillBusy(error) : toStoreError(error)
    }
    await clock.sleep(random() * pauseMs)
  }
}

function stillBusy(cause: unknown) {
  const message = 'Other transactions were in the way of every try. Look for one that is held open for long.'
  return new StoreError('store_busy', 'postgres', message, { retryable: true, cause })
}
