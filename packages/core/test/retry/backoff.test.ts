import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OptionsError } from '../../src/errors.js'
import { type BackoffOptions, backoffMs, checkBackoff } from '../../src/retry/backoff.js'

const exact = (options: Omit<BackoffOptions, 'jitter'>) => (attempt: number) =>
  backoffMs({ ...options, jitter: 'none' }, attempt, undefined, () => 0)

test.each([
  ['fixed', { type: 'fixed', delayMs: 500 }, [500, 500, 500, 500]],
  ['linear', { type: 'linear', delayMs: 500 }, [500, 1_000, 1_500, 2_000]],
  ['exponential', { type: 'exponential', delayMs: 500 }, [500, 1_000, 2_000, 4_000]],
  ['exponential by 3', { type: 'exponential', delayMs: 100, factor: 3 }, [100, 300, 900, 2_700]],
  ['cut at its cap', { type: 'exponential', delayMs: 500, maxMs: 1_500 }, [500, 1_000, 1_500, 1_500]],
] as const)('%s backoff grows as its name says', (_, options, expected) => {
  expect([1, 2, 3, 4].map(exact(options))).toEqual(expected)
})

test('a wait is always a whole number from 0 to its cap, whatever the attempt', () => {
  const options = fc.record({
    type: fc.constantFrom('fixed', 'linear', 'exponential'),
    delayMs: fc.nat(),
    factor: fc.double({ min: 1, max: 100, noNaN: true }),
    maxMs: fc.nat(),
  })
  const chance = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
  fc.assert(
    fc.property(options, fc.integer({ min: 0, max: 2 ** 31 }), chance, (backoff, attempt, random) => {
      const ms = backoffMs(backoff, attempt, undefined, () => random)
      expect(Number.isInteger(ms) && ms >= 0 && ms <= backoff.maxMs).toBe(true)
    }),
  )
})

test.each([Number.NaN, -1, Number.POSITIVE_INFINITY, 1.7])(
  'a function that answers %d gives a wait all the same',
  answer => {
    const ms = backoffMs(
      () => answer,
      1,
      undefined,
      () => 0,
    )
    expect(Number.isInteger(ms) && ms >= 0).toBe(true)
  },
)

test('a function is told the attempt and the error', () => {
  const error = new Error()
  expect(
    backoffMs(
      (attempt, thrown) => (thrown === error ? attempt * 7 : 0),
      3,
      error,
      () => 0,
    ),
  ).toBe(21)
})

test('ten thousand jobs that failed together do not come back together', () => {
  let seed = 1
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  const buckets = new Map<number, number>()
  for (let job = 0; job < 10_000; job++) {
    const bucket = Math.floor(backoffMs({ type: 'fixed', delayMs: 10_000 }, 1, undefined, random) / 100)
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1)
  }
  expect(Math.max(...buckets.values())).toBeLessThan(3 * 100)
})

test.each([
  [{ type: 'fixed', delayMs: -1 }, 'retry.delayMs'],
  [{ type: 'fixed', maxMs: Number.NaN }, 'retry.maxMs'],
  [{ type: 'exponential', factor: 0.5 }, 'retry.factor'],
] as const)('a backoff out of range is refused by its name: %j', (backoff, option) => {
  expect(() => checkBackoff('retry', backoff)).toThrow(OptionsError)
  expect(() => checkBackoff('retry', backoff)).toThrow(option)
})
