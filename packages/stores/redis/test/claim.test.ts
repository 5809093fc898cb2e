import type { Job, Store } from '@longhaul/core/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aJob, aStore, connectRedis, noServer, upTo } from './support.js'

describe.skipIf(noServer)('claims', { timeout: 30_000 }, () => {
  let subject: Awaited<ReturnType<typeof aStore>>
  beforeEach(async () => {
    subject = await aStore()
  })
  afterEach(() => subject.cleanup())

  test('eight clients drain one namespace: each job is granted once, and lanes hold', async () => {
    const { store, another } = subject
    await store.insert(Array.from({ length: 1_700 }, () => aJob()))
    await store.insert(Array.from({ length: 300 }, () => aJob({ lane: 'narrow', laneLimit: 2 })))
    const clients = Array.from({ length: 8 }, () => connectRedis())
    const stores = await Promise.all(clients.map(client => another(client)))

    const drains = await Promise.all(stores.map(drain))
    const grants = drains.flatMap(({ grants }) => grants)
    expect(new Set(grants).size).toBe(2_000)
    expect(grants).toHaveLength(2_000)
    expect(grants.every(grant => grant.endsWith(':1'))).toBe(true)
    expect(Math.max(...drains.map(({ mostInLane }) => mostInLane))).toBeLessThanOrEqual(2)
    expect((await store.count({})).states.completed).toBe(2_000)
    for (const client of clients) client.disconnect()
  })

  test('thousands of due jobs of a full lane hide nobody, and are walked once', async () => {
    const { client, key, store } = subject
    await store.insert([aJob({ id: 'running', lane: 'l' })])
    await store.claim(upTo(1))
    await store.insert(Array.from({ length: 5_000 }, () => aJob({ lane: 'l', priority: 1 })))
    await store.insert([aJob({ id: 'free' }), aJob({ id: 'free too' })])
    expect(await store.claim(upTo(1))).toMatchObject([{ id: 'free' }])
    expect(await client.zcard(key('parked'))).toBe(5_000)

    expect(await store.claim(upTo(1))).toMatchObject([{ id: 'free too' }])
    await store.commit([{ id: 'running', token: 1, seq: 1, patch: { state: 'completed' } }])
    expect(await store.claim(upTo(9))).toMatchObject([{ lane: 'l' }])
    expect(await client.zcard(key('parked'))).toBe(4_999)
  })

  test('a job of a full lane can be found, counted, cancelled and paused', async () => {
    const { store } = subject
    await store.insert(['a', 'b', 'c', 'd'].map(id => aJob({ id, lane: 'l' })))
    await store.claim(upTo(9))
    const counts = await store.count({ processors: ['work'] })
    expect(counts).toMatchObject({ states: { waiting: 3 } })
    expect(counts.dueInMs).toBeLessThanOrEqual(0)
    expect((await store.list({ states: ['waiting'] }, { limit: 9 })).jobs).toHaveLength(3)
    expect(await store.request({ kind: 'cancel' }, { ids: ['b'] })).toBe(1)
    expect(await store.request({ kind: 'pause' }, { ids: ['c'] })).toBe(1)
    await store.commit([{ id: 'a', token: 1, seq: 1, patch: { state: 'completed' } }])
    expect(await store.claim(upTo(9))).toMatchObject([{ id: 'd' }])
  })

  test('a place that nobody took when its job was cancelled goes to the next', async () => {
    const { store } = subject
    await store.insert(['a', 'b', 'c'].map(id => aJob({ id, lane: 'l' })))
    await store.claim(upTo(9))
    await store.commit([{ id: 'a', token: 1, seq: 1, patch: { state: 'completed' } }])
    await store.request({ kind: 'cancel' }, { ids: ['b'] })
    expect(await store.claim(upTo(9))).toMatchObject([{ id: 'c' }])
  })

  test('a lease that was found to have ended has ended, also for a clock that goes back', async () => {
    const { store, advance } = subject
    await store.insert(['a', 'b', 'c'].map(id => aJob({ id, lane: 'l', laneLimit: 2 })))
    await store.claim(upTo(3, { leaseMs: 5_000 }))
    await advance(10_000)
    await store.claim(upTo(1, { processors: ['other'] }))
    await advance(-10_000)
    const writes = [
      { id: 'a', token: 1, seq: 1, patch: { state: 'completed' } },
      { id: 'b', token: 1, seq: 1, patch: { leaseMs: 60_000 } },
    ] as const
    expect(await store.commit(writes)).toMatchObject([{ accepted: false }, { accepted: false }])
    expect(await store.request({ kind: 'cancel' }, { ids: ['a'] })).toBe(1)
    await advance(10_000)
    expect(await store.claim(upTo(9))).toMatchObject([{ id: 'c' }, { id: 'b', token: 2 }])
  })

  test('a claim is remembered for as long as any job of it is held, and no longer', async () => {
    const { client, key, store, advance } = subject
    await store.insert(Array.from({ length: 6 }, (_, index) => aJob({ id: `${index}` })))
    const request = upTo(1, { leaseMs: 10_000 })
    await store.claim(request)
    await store.commit([{ id: '0', token: 1, seq: 1, patch: { leaseMs: 600_000 } }])
    for (let round = 0; round < 3; round++) {
      await advance(30_000)
      await store.claim(upTo(1, { leaseMs: 10_000 }))
    }
    expect(await store.claim(request)).toMatchObject([{ id: '0', token: 1 }])
    expect(await client.hlen(key('claims'))).toBeLessThanOrEqual(3)
  })

  test('a job that came back under its id is not taken for the one that was held', async () => {
    const { store, another, advance } = subject
    await store.insert([aJob({ id: 'a', input: 'old' })])
    await store.claim(upTo(1))
    const other = await another()
    await other.commit([{ id: 'a', token: 1, seq: 1, patch: { state: 'completed' } }])
    await advance(1_000)
    await other.prune({ states: ['completed'], olderThanMs: 1, limit: 9 })
    const write = { id: 'a', token: 1, seq: 2, patch: { cursor: 'c' } } as const
    expect(await store.commit([write])).toEqual([{ accepted: false, job: undefined }])

    await other.insert([aJob({ id: 'a', input: 'new' })])
    expect(await store.commit([write])).toMatchObject([
      { accepted: false, job: { state: 'waiting', token: 0 } },
    ])
  })
})

async function drain(store: Store) {
  const grants: string[] = []
  let mostInLane = 0
  for (let jobs = await store.claim(upTo(7)); jobs.length > 0; jobs = await store.claim(upTo(7))) {
    grants.push(...jobs.map(({ id, token }) => `${id}:${token}`))
    const { states } = await store.count({ lane: 'narrow', states: ['running'] })
    mostInLane = Math.max(mostInLane, states.running)
    await store.commit(jobs.map(finish))
  }
  return { grants, mostInLane }
}

function finish({ id, token }: Job) {
  return { id, token, seq: 1, patch: { state: 'completed' } } as const
}
