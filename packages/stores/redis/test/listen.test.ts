import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aJob, aStore, noServer, upTo } from './support.js'

describe.skipIf(noServer)('a listener', () => {
  let subject: Awaited<ReturnType<typeof aStore>>
  beforeEach(async () => {
    subject = await aStore()
  })
  afterEach(() => subject.cleanup())

  async function listening() {
    let wakes = 0
    const stop = await subject.store.listen?.(() => void wakes++)
    return { stop: async () => stop?.(), wakes: () => wakes }
  }

  test('hears of an insert by another store within milliseconds', async () => {
    const other = await subject.another()
    const times: number[] = []
    let startedAt = 0
    await subject.store.listen?.(() => void times.push(performance.now() - startedAt))
    for (let round = 1; round <= 20; round++) {
      startedAt = performance.now()
      await other.insert([aJob()])
      await expect.poll(() => times.length, { interval: 1 }).toBe(round)
    }
    times.sort((a, b) => a - b)
    expect(times[10]).toBeLessThan(50)
  })

  test('takes a burst of inserts as few hints', async () => {
    const { wakes } = await listening()
    await Promise.all(Array.from({ length: 200 }, () => subject.store.insert([aJob()])))
    await expect.poll(wakes).toBeGreaterThan(0)
    expect(wakes()).toBeLessThan(100)
  })

  test('hears nothing of what is due later, or of cells', async () => {
    const { wakes } = await listening()
    await subject.store.insert([aJob({ delayMs: 60_000 })])
    await subject.store.swap('gate', { id: '1', version: 0, value: 'open' })
    await subject.store.insert([aJob()])
    await expect.poll(wakes).toBe(1)
  })

  test('hears that a place in a lane came free', async () => {
    await subject.store.insert([aJob({ id: 'a', lane: 'l' }), aJob({ id: 'b', lane: 'l' })])
    await subject.store.claim(upTo(2))
    const { wakes } = await listening()
    await subject.store.commit([{ id: 'a', token: 1, seq: 1, patch: { state: 'completed' } }])
    await expect.poll(wakes).toBe(1)
  })

  test('hears that a job was released, by an end or by a cancel', async () => {
    const after = { ids: ['a', 'b'], outcome: 'ended' } as const
    await subject.store.insert([
      aJob({ id: 'a' }),
      aJob({ id: 'b', delayMs: 60_000 }),
      aJob({ id: 'c', after }),
    ])
    await subject.store.insert([aJob({ id: 'd', after: { ...after, ids: ['b'] } })])
    await subject.store.claim(upTo(2))
    const { wakes } = await listening()
    await subject.store.request({ kind: 'cancel' }, { ids: ['b'] })
    await expect.poll(wakes).toBe(1)
    await subject.store.commit([{ id: 'a', token: 1, seq: 1, patch: { state: 'completed' } }])
    await expect.poll(wakes).toBe(2)
  })

  test('hears on when another one stops', async () => {
    const [one, two] = [await listening(), await listening()]
    await one.stop()
    await subject.store.insert([aJob()])
    await expect.poll(two.wakes).toBe(1)
    expect(one.wakes()).toBe(0)
  })
})

describe.skipIf(noServer)('a store', () => {
  test('says that it hears once the server has answered, and no more when it stops to listen', async () => {
    const { store, cleanup } = await aStore()
    expect(store.hears?.()).toBe(false)
    const stop = await store.listen?.(() => {})
    await store.insert([aJob()])
    await expect.poll(() => store.hears?.()).toBe(true)
    await stop?.()
    expect(store.hears?.()).toBe(false)
    await cleanup()
  })
})
