import type { Store } from '@longhaul/core/store'
import { redisStore } from '@longhaul/redis'
import { type FaultProxy, faultProxy } from '@longhaul/test-servers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aJob, aStore, noServer, upTo, url } from './support.js'

const callTimeoutMs = 400

describe.skipIf(noServer)('behind a bad network', () => {
  let direct: Awaited<ReturnType<typeof aStore>>
  let proxy: FaultProxy
  let store: Store
  const cleanups: (() => unknown)[] = []

  beforeEach(async () => {
    direct = await aStore()
    proxy = await faultProxy(url)
    store = redisStore(proxy.url, { namespace: direct.namespace, callTimeoutMs })
    await store.open()
    cleanups.push(
      direct.cleanup,
      () => proxy.close(),
      () => store.close(),
    )
  })
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  })

  test('every call ends in its time, and says that it may be tried again', async () => {
    proxy.apply({ drop: true })
    const startedAt = performance.now()
    const calls = [
      store.insert([aJob()]),
      store.claim(upTo(1)),
      store.commit([{ id: 'a', token: 1, seq: 1, patch: {} }]),
      store.request({ kind: 'cancel' }, {}),
      store.get('a'),
      store.list({}, { limit: 1 }),
      store.count({}),
      store.count({ tenant: 't' }),
      store.records('a', 'logs', { limit: 1 }),
      store.prune({ states: ['failed'], olderThanMs: 1, limit: 1 }),
      store.cell('c'),
      store.swap('c', { id: 's', version: 0, value: null }),
    ]
    for (const { status, ...outcome } of await Promise.allSettled(calls)) {
      expect(status).toBe('rejected')
      expect(outcome).toMatchObject({ reason: { code: 'store_unavailable', retryable: true } })
    }
    expect(performance.now() - startedAt).toBeLessThan(3 * callTimeoutMs)
  })

  test('a call whose reply was cut off may be sent again, and is done once', async () => {
    const jobs = [aJob({ id: 'a' }), aJob({ id: 'b' })]
    proxy.apply({ cutAfterBytes: 10 }, 'down')
    await store.insert(jobs).catch(() => {})
    await proxy.heal()
    await expect.poll(() => store.insert(jobs).catch(() => [])).toHaveLength(2)
    expect((await store.count({})).states.waiting).toBe(2)
  })

  test('a server that nobody reaches is told apart from one that refuses', async () => {
    proxy.refuse()
    proxy.reset()
    await expect(store.get('a')).rejects.toMatchObject({ code: 'store_unavailable', retryable: true })
    const other = redisStore('redis://127.0.0.1:1', { callTimeoutMs })
    await expect(other.open()).rejects.toMatchObject({ code: 'store_unavailable', retryable: true })
    await other.close()
  })

  test('it works again by itself once the network does', async () => {
    proxy.refuse()
    proxy.reset()
    await store.get('a').catch(() => {})
    await proxy.heal()
    await expect
      .poll(() => store.insert([aJob({ id: 'a' })]).catch(() => []), { timeout: 5_000 })
      .toHaveLength(1)
  })

  test('a connection that died unseen is replaced, also if nothing ever heals', {
    timeout: 20_000,
  }, async () => {
    proxy.halfOpen('server')
    await expect
      .poll(() => store.insert([aJob({ id: 'a' })]).catch(() => []), { timeout: 10_000 })
      .toHaveLength(1)
  })

  describe('a listener', () => {
    test('has a connection of its own for as long as anyone listens', async () => {
      const stops = [await store.listen?.(() => {}), await store.listen?.(() => {})]
      await expect.poll(() => proxy.connections.length).toBe(2)
      await stops[0]?.()
      await store.get('a')
      expect(proxy.connections.length).toBe(2)
      await stops[1]?.()
      await expect.poll(() => proxy.connections.length).toBe(1)
    })

    test.each<[string, () => void]>([
      ['was reset', () => proxy.reset()],
      ['is half open, with the server gone', () => proxy.halfOpen('server')],
      ['is half open, with the client gone', () => proxy.halfOpen('client')],
    ])('hears again after its connection %s', { timeout: 20_000 }, async (_, harm) => {
      let wakes = 0
      await store.listen?.(() => void wakes++)
      await expect.poll(() => proxy.connections.length).toBe(2)
      harm()
      await expect
        .poll(
          async () => {
            await direct.store.insert([aJob()])
            return wakes
          },
          { timeout: 10_000, interval: 100 },
        )
        .toBeGreaterThan(0)
    })

    test('misses nothing that became due while its connection was away', { timeout: 20_000 }, async () => {
      let wakes = 0
      await store.listen?.(() => void wakes++)
      await expect.poll(() => proxy.connections.length).toBe(2)
      proxy.refuse()
      proxy.reset()
      await direct.store.insert([aJob()])
      await proxy.heal()
      await expect.poll(() => wakes, { timeout: 10_000 }).toBe(1)
    })
  })
})
