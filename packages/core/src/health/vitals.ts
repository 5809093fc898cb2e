import type { EngineEvent } from '../engine/events.js'

/** The last signs of life of the workers here. */
export function createVitals(now: () => number) {
  let lastClaimAt: number | null = null
  let lateMs: number | null = null
  return {
    notify(event: EngineEvent): void {
      if (event.type === 'claimed') lastClaimAt = now()
      if (event.type === 'beat') lateMs = event.lateMs
    },
    /** Epoch milliseconds. */
    lastClaimAt: () => lastClaimAt,
    lateMs: () => lateMs,
  }
}

export type Vitals = ReturnType<typeof createVitals>
