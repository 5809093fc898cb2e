import type { Clock, Random } from '../clock.js'
import { type Store, soonMs } from '../store/index.js'
import type { ClaimerDeps } from './claimer.js'
import type { Part } from './fair-claimer.js'

export interface NapDeps extends Pick<ClaimerDeps, 'mayClaim'> {
  readonly store: Pick<Store, 'listen' | 'hears'>
  readonly clock: Clock
  readonly random: Random
  readonly pollMs: number
  readonly leaseMs: number
  readonly parts: readonly Part[]
}

const pollsInRest = 5

/** How long a worker without work sleeps: a poll, or several while it would be woken for all that it could find. */
export function createNap({ store, clock, random, pollMs, leaseMs, parts, mayClaim }: NapDeps) {
  // Within half a lease each lease is seen before it ends, if all have the same.
  const restMs = Math.min(pollsInRest * pollMs, soonMs, leaseMs / 2)
  let unlisten: (() => Promise<void>) | undefined

  /** A change of what is paused wakes nobody, so all of it must be open. */
  function mayRest(): boolean {
    return (
      unlisten !== undefined &&
      store.hears?.() === true &&
      parts.every(({ wanted }) => mayClaim(wanted) === wanted)
    )
  }

  return {
    async listen(wake: () => void): Promise<void> {
      unlisten = await store.listen?.(wake).catch(() => undefined)
    },

    unlisten: async () => unlisten?.(),

    /** With a look at every poll whether hints still come. */
    async sleep(signal: AbortSignal): Promise<void> {
      const until = clock.now() + restMs
      const everyMs = pollMs * (0.75 + random() / 2)
      await clock.sleep(everyMs, { signal, background: true })
      while (!signal.aborted && mayRest() && clock.now() < until)
        await clock.sleep(Math.min(everyMs, until - clock.now()), { signal, background: true })
    },
  }
}
