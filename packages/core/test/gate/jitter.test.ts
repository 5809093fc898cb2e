import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fullJitter } from '../../src/gate/jitter.js'

test('the wait is a whole number from 0 to the cap, after any number of failures (C4)', () => {
  const ms = fc.integer({ min: 0, max: 2 ** 40 })
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  const property = fc.property(fc.nat(2 ** 31 - 1), ms, ms, chance, (failures, baseMs, maxMs, drawn) => {
    const waitMs = fullJitter(failures, { baseMs, maxMs }, () => drawn)
    expect(Number.isInteger(waitMs) && waitMs >= 0 && waitMs <= maxMs).toBe(true)
  })
  fc.assert(property, { numRuns: 1_000 })
})

test('the longest wait doubles with each failure up to the cap', () => {
  const longest = [0, 1, 2, 3, 9].map(failures =>
    fullJitter(failures, { baseMs: 500, maxMs: 3_000 }, () => 0.999_999),
  )
  expect(longest).toEqual([500, 1_000, 2_000, 3_000, 3_000])
})

test('what failed together is spread out (C1)', () => {
  let state = 1
  const random = () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  const buckets = Array.from({ length: 100 }, () => 0)
  for (let call = 0; call < 10_000; call++) {
    const bucket = Math.floor(fullJitter(20, { baseMs: 1, maxMs: 9_999 }, random) / 100)
    buckets[bucket] = (buckets[bucket] ?? 0) + 1
  }
  expect(Math.max(...buckets)).toBeLessThanOrEqual(300)
})
