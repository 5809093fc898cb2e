import type { Store } from '@longhaul/core/store'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { aJob, aStore, noServer, upTo } from './support.js'

describe.skipIf(noServer)('groups and queues', { timeout: 30_000 }, () => {
  let subject: Awaited<ReturnType<typeof aStore>>
  beforeEach(async () => {
    subject = await aStore()
  })
  afterEach(() => subject.cleanup())

  const others = (differences = {}) => Array.from({ length: 5_000 }, () => aJob(differences))

  /** How many scripts a call runs: each looks at a bounded number of jobs. */
  async function scriptsOf(call: () => Promise<unknown>) {
    const calls = vi.spyOn(subject.client, 'call')
    await call()
    const scripts = calls.mock.calls.length
    calls.mockRestore()
    return scripts
  }

  test('a group is found, counted and changed without a look at the jobs of others', async () => {
    const { store } = subject
    await store.insert([aJob({ id: 'a', group: 'g' }), aJob({ id: 'b', group: 'g' })])
    await store.insert(others({ group: 'h' }))
    await askAll(store, 'nobody') // from now on the server knows the scripts
    expect(await scriptsOf(() => askAll(store, 'g'))).toBe(3)
    expect((await store.count({ group: 'g' })).states).toMatchObject({ paused: 2 })
  })

  test('the first start of a group is found over thousands of jobs', async () => {
    const { store, advance } = subject
    await store.insert([aJob({ id: 'first', group: 'g', priority: 1 }), ...others({ group: 'g' })])
    const [held] = await store.claim(upTo(1))
    await advance(5_000)
    await store.claim(upTo(10))
    expect(held?.id).toBe('first')
    expect(await store.count({ group: 'g' })).toMatchObject({
      startedAt: held?.startedAt,
      states: { running: 11 },
    })
  })

  test('jobs of a queue that is left out are not looked at', async () => {
    const { store } = subject
    await store.insert(others({ queue: 'q', priority: 5 }))
    await store.insert([aJob({ id: 'a', queue: 'r' }), aJob({ id: 'b', lane: 'l' })])
    const claim = (limit: number) => store.claim(upTo(limit, { exceptQueues: ['q', 'nobody has'] }))
    expect(await claim(1)).toMatchObject([{ id: 'a' }])
    expect(await claim(9)).toMatchObject([{ id: 'b' }])
    expect(await scriptsOf(() => claim(9))).toBe(1)
    expect((await store.count({ queues: ['q'] })).states).toMatchObject({ waiting: 5_000 })
  })

  test('a claim without some queues is repeated as it was', async () => {
    const { store } = subject
    await store.insert([aJob({ id: 'a', queue: 'q' }), aJob({ id: 'b', queue: 'r' })])
    const request = upTo(9, { exceptQueues: ['q'] })
    const first = await store.claim(request)
    expect(first).toMatchObject([{ id: 'b' }])
    expect(await store.claim(request)).toEqual(first)
  })

  test('a job that is parked in a full lane can be moved, and has its turn in its new place', async () => {
    const { client, key, store } = subject
    await store.insert(['a', 'b', 'c'].map(id => aJob({ id, lane: 'l' })))
    await store.claim(upTo(9))
    expect(await client.zcard(key('parked'))).toBe(2)
    expect(await store.request({ kind: 'move', queue: 'q', priority: 3 }, { ids: ['c'] })).toBe(1)
    expect(await store.claim(upTo(9))).toEqual([])
    await store.commit([{ id: 'a', token: 1, seq: 1, patch: { state: 'completed' } }])
    expect(await store.claim(upTo(9))).toMatchObject([{ id: 'c', queue: 'q', priority: 3 }])
    const counts = await store.count({})
    expect(counts).toMatchObject({ states: { waiting: 1, running: 1 } })
    expect(counts.dueInMs).toBeLessThanOrEqual(0)
  })
})

async function askAll(store: Store, group: string) {
  await store.list({ group }, { limit: 9 })
  await store.count({ group })
  await store.request({ kind: 'pause' }, { group })
}
