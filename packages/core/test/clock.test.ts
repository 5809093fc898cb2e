import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '../src/clock.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test.each([2 ** 31 - 1, 2 ** 31, 2 ** 40])('a wait of %d ms is never over early', async ms => {
  let over = false
  void systemClock.sleep(ms).then(() => {
    over = true
  })

  await vi.advanceTimersByTimeAsync(ms - 1)
  expect(over).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(over).toBe(true)
})

test.each([0, -1, Number.NaN])('a wait of %d ms is over at once', async ms => {
  await systemClock.sleep(ms)
  expect(vi.getTimerCount()).toBe(0)
})

test('a wait without end ends when it is aborted, and leaves no timer', async () => {
  const stop = new AbortController()
  const waiting = systemClock.sleep(Number.POSITIVE_INFINITY, { signal: stop.signal })
  await vi.advanceTimersByTimeAsync(2 ** 33)
  stop.abort()

  await waiting
  expect(vi.getTimerCount()).toBe(0)
})
