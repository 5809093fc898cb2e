import type { Clock } from '@longhaul/core'

/** Calls those who sleep, and is remembered by those who don't. */
export interface Bell {
  ring(): void
  /** Whether it rang since this was asked last. */
  rang(): boolean
  /** Ends when it rings. */
  sleep(ms: number): Promise<void>
}

export function createBell(clock: Clock): Bell {
  const sleepers = new Set<AbortController>()
  let hasRung = false

  return {
    ring() {
      hasRung = true
      for (const sleeper of sleepers) sleeper.abort()
    },

    rang() {
      const answer = hasRung
      hasRung = false
      return answer
    },

    async sleep(ms) {
      const sleeper = new AbortController()
      sleepers.add(sleeper)
      await clock.sleep(ms, { signal: sleeper.signal })
      sleepers.delete(sleeper)
    },
  }
}
