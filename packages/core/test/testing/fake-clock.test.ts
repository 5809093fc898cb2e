import { expect, test } from 'vitest'
import { fakeClock } from '../../src/testing/index.js'

test('time stands still until it is moved', async () => {
  const clock = fakeClock(1_000)
  let woken = false
  void clock.sleep(10).then(() => {
    woken = true
  })

  await clock.advance(9)
  expect([clock.now(), woken]).toEqual([1_009, false])
  await clock.advance(1)
  expect([clock.now(), woken]).toEqual([1_010, true])
})

test('sleepers wake in order, each at its own instant', async () => {
  const clock = fakeClock(0)
  const woken: [string, number][] = []
  for (const [name, ms] of [
    ['late', 30],
    ['early', 10],
    ['middle', 20],
  ] as const) {
    void clock.sleep(ms).then(() => woken.push([name, clock.now()]))
  }

  await clock.advance(100)

  expect(woken).toEqual([
    ['early', 10],
    ['middle', 20],
    ['late', 30],
  ])
})

test('what a sleeper does when it wakes runs before the next one wakes', async () => {
  const clock = fakeClock(0)
  const chain: number[] = []
  void (async () => {
    for (let step = 0; step < 3; step++) {
      await clock.sleep(5)
      chain.push(clock.now())
    }
  })()

  await clock.advance(15)

  expect(chain).toEqual([5, 10, 15])
})

test('an abort wakes a sleeper, and nothing to wait for is no wait', async () => {
  const clock = fakeClock(0)
  const stop = new AbortController()
  const asleep = clock.sleep(1_000, { signal: stop.signal })
  stop.abort()

  await asleep
  await clock.sleep(0)
  await clock.sleep(Number.NaN)
  await clock.sleep(1_000, { signal: stop.signal })
  expect(clock.now()).toBe(0)
})

test('running to the next wait passes over what is in the background, but wakes it', async () => {
  const clock = fakeClock(0)
  let beats = 0
  void clock.sleep(10, { background: true }).then(() => beats++)
  expect(await clock.advanceToNext(), 'a heartbeat is nothing to run to').toBe(false)

  void clock.sleep(25)
  expect(await clock.advanceToNext()).toBe(true)

  expect([clock.now(), beats]).toEqual([25, 1])
})
