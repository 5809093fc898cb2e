import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { throttled } from '../../src/client/throttle.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const rate = { perSecond: 1, pauseEvery: { calls: 25, pauseMs: 20_000 } }

/** When each of 27 calls began, given how they are made. */
async function startsOf(make: (call: () => Promise<void>) => Promise<unknown>): Promise<number[]> {
  const startedAt = Date.now()
  const starts: number[] = []
  const all = make(throttled(async () => void starts.push(Date.now() - startedAt), rate))
  await vi.advanceTimersByTimeAsync(120_000)
  await all
  return starts
}

test.each([
  ['at once', (call: () => Promise<void>) => Promise.all(Array.from({ length: 27 }, call))],
  [
    'one after another',
    async (call: () => Promise<void>) => {
      for (let made = 0; made < 27; made++) await call()
    },
  ],
])('calls made %s keep to one a second, and pause for 20 seconds after 25', async (_, make) => {
  const starts = await startsOf(make)
  expect(starts.slice(0, 26)).toEqual([...Array.from({ length: 25 }, (_, index) => index * 1_000), 44_000])
  expect(starts[26]).toBeGreaterThanOrEqual(45_000)
})
