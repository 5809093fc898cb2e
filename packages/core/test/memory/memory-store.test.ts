import { afterEach, expect, test, vi } from 'vitest'
import { memoryStore } from '../../src/memory/index.js'
import type { NewJob } from '../../src/store/index.js'
import { fakeClock } from '../../src/testing/fake-clock.js'

afterEach(() => vi.unstubAllEnvs())

test('does not open in production, where a restart would lose every job', async () => {
  vi.stubEnv('NODE_ENV', 'production')
  await expect(memoryStore().open()).rejects.toMatchObject({
    code: 'store_failed',
    message: expect.stringContaining('allowInProduction: true'),
  })
})

test('opens in production when it is allowed to', async () => {
  vi.stubEnv('NODE_ENV', 'production')
  await expect(memoryStore({ allowInProduction: true }).open()).resolves.toBeUndefined()
})

test('opens anywhere else', async () => {
  vi.stubEnv('NODE_ENV', 'development')
  await expect(memoryStore().open()).resolves.toBeUndefined()
})

test('shares nothing with another memory store', async () => {
  const [one, two] = [memoryStore(), memoryStore()]
  await one.insert([aJob('a')])
  expect(await two.get('a')).toBeUndefined()
})

test('goes by the clock it was given', async () => {
  const clock = fakeClock(1_000)
  const store = memoryStore({ clock })
  await clock.advance(500)
  expect(await store.insert([aJob('a')])).toMatchObject([{ createdAt: 1_500, dueAt: 1_500 }])
})

test('wakes a listener after the call that made work, never during it', async () => {
  const store = memoryStore()
  const seen: string[] = []
  await store.listen?.(() => seen.push('woken'))
  const inserted = store.insert([aJob('a')])
  seen.push('called')
  await inserted
  await Promise.resolve()
  expect(seen).toEqual(['called', 'woken'])
})

test('is not disturbed by a listener that rejects', async () => {
  const store = memoryStore()
  const woken = vi.fn()
  await store.listen?.(() => Promise.reject(new Error('a listener broke')) as never)
  await store.listen?.(woken)
  await store.insert([aJob('a')])
  await new Promise(resolve => setImmediate(resolve))
  expect(woken).toHaveBeenCalledOnce()
})

test('wakes for a place in a lane, and not for an end that frees nothing', async () => {
  const store = memoryStore()
  await store.insert([aJob('a', { lane: 'l' }), aJob('b')])
  const jobs = await store.claim({ claimId: 'c', processors: ['work'], limit: 2, leaseMs: 1_000 })
  const woken = vi.fn()
  await store.listen?.(woken)

  for (const [id, wakes] of [
    ['b', 0],
    ['a', 1],
  ] as const) {
    const token = jobs.find(job => job.id === id)?.token ?? 0
    await store.commit([{ id, token, seq: 1, patch: { state: 'completed' } }])
    await new Promise(resolve => setImmediate(resolve))
    expect(woken).toHaveBeenCalledTimes(wakes)
  }
})

test('wakes no one once it is closed', async () => {
  const store = memoryStore()
  const woken = vi.fn()
  await store.listen?.(woken)
  const inserted = store.insert([aJob('a')])
  await store.close()
  await inserted
  await new Promise(resolve => setImmediate(resolve))
  expect(woken).not.toHaveBeenCalled()
})

function aJob(id: string, differences: Partial<NewJob> = {}): NewJob {
  const plain = {
    processor: 'work',
    queue: 'default',
    input: '{}',
    priority: 0,
    laneLimit: 1,
    tags: [],
    delayMs: 0,
  }
  return {
    id,
    ...plain,
    key: null,
    lane: null,
    group: null,
    note: null,
    tenant: null,
    correlationId: null,
    ...differences,
  }
}
