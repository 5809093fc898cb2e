import type { Clock } from '@longhaul/core/store'

/** Calls `ring` after the shortest of the times that it is given; whoever is woken looks for what comes then. */
export function alarmFor(ring: () => void, clock: Clock) {
  let next = Number.POSITIVE_INFINITY

  return (ms: number): void => {
    const at = clock.now() + ms
    if (at >= next) return
    next = at
    void clock.sleep(ms, { background: true, unref: true }).then(() => {
      if (next !== at) return
      next = Number.POSITIVE_INFINITY
      ring()
    })
  }
}
