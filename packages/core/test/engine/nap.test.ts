import { expect, test } from 'vitest'
import { createNap } from '../../src/engine/nap.js'
import { fakeClock } from '../../src/testing/index.js'

const wanted = { processors: ['work'] }

/** When a worker whose store hears, or not, looks again. Each may change while it sleeps. */
async function napping({ hears = true, listens = true, leaseMs = 30_000, pollMs = 1_000 } = {}) {
  const clock = fakeClock(0)
  const now = { hears, paused: false }
  const listen = async () => {
    if (!listens) throw new Error('nobody there')
    return async () => {}
  }
  const nap = createNap({
    ...{ clock, pollMs, leaseMs, random: () => 0.5, parts: [{ wanted, weight: 1 }] },
    store: { listen, hears: () => now.hears },
    mayClaim: all => (now.paused ? { ...all, exceptQueues: ['paused'] } : all),
  })
  await nap.listen(() => {})
  let wokeAt: number | undefined
  void nap.sleep(new AbortController().signal).then(() => (wokeAt = clock.now()))
  return { now, clock, wokeAt: () => wokeAt }
}

async function lengthOf(options: Parameters<typeof napping>[0]) {
  const { clock, wokeAt } = await napping(options)
  await clock.advance(60_000)
  return wokeAt()
}

test('a worker that hears hints rests for five polls, at most five seconds and half a lease', async () => {
  expect(await lengthOf({})).toBe(5_000)
  expect(await lengthOf({ pollMs: 100 })).toBe(500)
  expect(await lengthOf({ pollMs: 3_000 })).toBe(5_000)
  expect(await lengthOf({ pollMs: 20_000 })).toBe(20_000)
  expect(await lengthOf({ leaseMs: 4_000 })).toBe(2_000)
})

test('one that hears none looks at every poll', async () => {
  expect(await lengthOf({ hears: false })).toBe(1_000)
  expect(await lengthOf({ listens: false })).toBe(1_000)
})

test('one that hears no more, or for which something is paused, looks at the next poll', async () => {
  for (const change of [{ hears: false }, { paused: true }]) {
    const { now, clock, wokeAt } = await napping()
    await clock.advance(2_500)
    Object.assign(now, change)
    await clock.advance(10_000)
    expect(wokeAt()).toBe(3_000)
  }
})
