import { type Clock, systemClock } from '@longhaul/core/store'

/** Tells the same instant until it is set to another; whoever sleeps by it sleeps in real time. */
export function standingClock() {
  let now = 0
  const clock: Clock = { ...systemClock, now: () => now }
  const setNow = (ms: number) => {
    now = ms
  }
  return { clock, setNow }
}
