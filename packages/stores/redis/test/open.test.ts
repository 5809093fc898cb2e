import { redisStore } from '@longhaul/redis'
import { canStart, startRedis } from '@longhaul/test-servers'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, test } from 'vitest'
import { schemaVersion } from '../src/scripts/schema.js'
import { keyNames } from '../src/scripts/script.js'
import { aJob, anyNamespace, aStore, noServer, upTo, url } from './support.js'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

describe.skipIf(!canStart('redis'))('on a server of its own', () => {
  test.each(['volatile-ttl', 'allkeys-lru', 'volatile-lfu', 'allkeys-random'])(
    'a server that evicts (%s) is refused, unless that is all right',
    async policy => {
      const url = await aServer({ 'maxmemory-policy': policy })
      await expect(open(url)).rejects.toMatchObject({
        code: 'store_failed',
        message: expect.stringContaining(policy),
      })
      const store = await open(url, { allowUnsafeServer: true })
      expect(await store.insert([aJob()])).toHaveLength(1)
    },
  )

  test('a refused server is left as it is', async () => {
    const url = await aServer({ 'maxmemory-policy': 'allkeys-lru' })
    await expect(open(url)).rejects.toThrow()
    expect(await clientOf(url).dbsize()).toBe(0)
  })

  test('a replica is refused, and a write that meets one can be tried again', async () => {
    const primary = new URL(await aServer())
    const url = await aServer()
    const store = await open(url)
    await clientOf(url).replicaof(primary.hostname, Number(primary.port))
    await expect(store.insert([aJob()])).rejects.toMatchObject({ code: 'store_unavailable', retryable: true })
    await expect(open(url)).rejects.toMatchObject({ message: expect.stringContaining('replica') })
  })

  test('on a full server inserts are refused whole, and held jobs end and are pruned', async () => {
    const url = await aServer()
    const store = await open(url)
    const client = clientOf(url)
    const after = { ids: ['held'], outcome: 'succeeded' } as const
    await store.insert([aJob({ id: 'held', lane: 'l' }), aJob({ id: 'next', lane: 'l', after })])
    const [held] = await store.claim(upTo(1))
    await client.config('SET', 'maxmemory', '1')

    const before = await client.dbsize()
    await expect(store.insert([aJob(), aJob()])).rejects.toMatchObject({
      code: 'store_unavailable',
      retryable: true,
    })
    expect(await client.dbsize()).toBe(before)
    expect((await store.count({})).states).toMatchObject({ blocked: 1, running: 1 })

    const write = {
      id: 'held',
      token: held?.token ?? 0,
      seq: 1,
      patch: { state: 'completed', output: '{}' },
    } as const
    expect(await store.commit([write])).toMatchObject([{ accepted: true, job: { state: 'completed' } }])
    expect(await store.claim(upTo(1))).toMatchObject([{ id: 'next' }])
    await expect.poll(() => store.prune({ states: ['completed'], olderThanMs: 0, limit: 9 })).toBe(1)
    await client.config('SET', 'maxmemory', '0')
    expect(await store.insert([aJob()])).toHaveLength(1)
  })
})

describe.skipIf(noServer)('on the shared server', () => {
  test('a newer layout is refused and left as it is', async () => {
    const { client, key, store, cleanup } = await aStore()
    cleanups.push(cleanup)
    await store.close()
    await client.set(key('schema'), schemaVersion + 1)
    await expect(store.open()).rejects.toMatchObject({ code: 'schema_too_new' })
    expect(await client.get(key('schema'))).toBe(`${schemaVersion + 1}`)
  })

  test('keys that hold something else are refused', async () => {
    const { client, key, store, cleanup } = await aStore()
    cleanups.push(cleanup)
    await client.set(key('jobs'), 'mine')
    await expect(store.insert([aJob()])).rejects.toMatchObject({ code: 'not_a_store' })
    expect(await client.get(key('jobs'))).toBe('mine')
  })

  test('a store on a URL connects by itself, and lets go when it is closed', async () => {
    const { another, store, cleanup } = await aStore()
    cleanups.push(cleanup)
    const own = await another(url)
    await own.insert([aJob({ id: 'a' })])
    expect(await store.get('a')).toMatchObject({ state: 'waiting' })
    await own.close()
    await expect(own.get('a')).rejects.toMatchObject({ code: 'store_closed' })
  })

  test('nothing but what remembers the layout and the clock is left of jobs that were pruned', async () => {
    const { client, key, store, advance, cleanup } = await aStore()
    cleanups.push(cleanup)
    const kept = ['schema', 'clock', 'counter', 'line', 'leases', 'groups', 'claims', 'claimEnds', 'wake']
    const more = { key: 'k', lane: 'l', tenant: 't', correlationId: 'c', tags: ['t', 'u'], group: 'g' }
    const after = { ids: ['a'], outcome: 'succeeded' } as const
    await store.insert([aJob({ id: 'a', ...more }), aJob({ id: 'b', lane: 'l', note: 'n', after })])
    await store.insert([aJob({ id: 'in vain', after: { ids: ['b'], outcome: 'succeeded' } })])
    await store.request({ kind: 'cancel' }, { ids: ['in vain'] })
    const logs = Array.from({ length: 5_000 }, (_, line) => ({ level: 'info' as const, message: `${line}` }))
    const items = [{ key: 'i', outcome: 'failed', value: '1', error: null }] as const
    for (const id of ['a', 'b']) {
      const [job] = await store.claim(upTo(2))
      const patch = { state: 'completed', cursor: 'c', output: 'o', error: 'e', memo: 'm' } as const
      const progress = { done: 5, failed: 1, skipped: 0, total: 9 }
      expect(job?.id).toBe(id)
      await store.commit([{ id, token: 1, seq: 1, patch: { ...patch, progress }, logs, items }])
    }
    await advance(120_000)
    expect(await store.prune({ states: ['completed', 'cancelled'], olderThanMs: 1, limit: 9 })).toBe(3)
    expect(await store.claim(upTo(1))).toEqual([])
    await store.insert([aJob({ id: 'last' })])
    await store.claim(upTo(1))
    await store.commit([{ id: 'last', token: 1, seq: 1, patch: { state: 'cancelled' } }])
    await advance(120_000)
    await store.prune({ states: ['cancelled'], olderThanMs: 1, limit: 9 })

    const left = keyNames.filter(name => !kept.includes(name))
    for (const name of left) expect(await client.exists(key(name)), name).toBe(0)
    expect(await client.hlen(key('claims'))).toBeLessThanOrEqual(2)
  })
})

async function aServer(settings: Record<string, string> = {}): Promise<string> {
  const server = await startRedis({ settings })
  cleanups.push(() => server.close())
  return server.url
}

function clientOf(url: string): Redis {
  const client = new Redis(url)
  client.on('error', () => {})
  cleanups.push(() => client.disconnect())
  return client
}

async function open(url: string, options: { allowUnsafeServer?: boolean } = {}) {
  const store = redisStore(url, { namespace: anyNamespace(), ...options })
  cleanups.push(() => store.close())
  await store.open()
  return store
}
