import type { Clock } from '../clock.js'

/** The longest that one who relies on hints goes without a claim; what becomes due sooner is worth a hint. */
export const soonMs = 5_000

/** Calls `ring` after the shortest of the times that it is given; whoever is woken looks for what comes then. */
export function alarmFor(ring: () => void, clock: Clock) {
  let next = Number.POSITIVE_INFINITY

  return (ms: number): void => {
    const at = clock.now() + ms
    if (at >= next || ms > soonMs) return
    next = at
    void clock.sleep(ms, { background: true, unref: true }).then(() => {
      if (next !== at) return
      next = Number.POSITIVE_INFINITY
      ring()
    })
  }
}
