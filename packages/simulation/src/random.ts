import type { Random } from '@longhaul/core'

/** The same numbers for the same seed: a 32-bit state, stepped and mixed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function pick<Member>(members: readonly Member[], random: Random): Member {
  return members[Math.floor(random() * members.length)] as Member
}
