import type { Clock } from '@longhaul/core/store'

export interface Pause {
  /** Nothing but a stop ends this part. */
  readonly atLeastMs: number
  readonly atMostMs: number
}

/** A wait that can be ended before its time. It keeps no process alive. */
export function restOn(clock: Clock) {
  const stopping = new AbortController()
  let ending = new AbortController()
  const sleep = (ms: number, { signal }: AbortController) =>
    clock.sleep(ms, { background: true, unref: true, signal })

  return {
    /** Answers whether it goes on. */
    async begin({ atLeastMs, atMostMs }: Pause): Promise<boolean> {
      ending = new AbortController()
      await sleep(atLeastMs, stopping)
      if (!stopping.signal.aborted) await sleep(atMostMs - atLeastMs, ending)
      return !stopping.signal.aborted
    },

    end: () => ending.abort(),
    wasEnded: () => ending.signal.aborted,
    isOver: () => stopping.signal.aborted,

    stop() {
      stopping.abort()
      ending.abort()
    },
  }
}
