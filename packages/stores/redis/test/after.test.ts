import type { After, Job, NewJob, Store, StoreError } from '@longhaul/core/store'
import { canStart, startRedis } from '@longhaul/test-servers'
import type { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aJob, aStore, connectRedis, noServer, upTo } from './support.js'

describe.skipIf(noServer)('jobs that wait for others', { timeout: 60_000 }, () => {
  let subject: Awaited<ReturnType<typeof aStore>>
  let clients: Redis[]
  beforeEach(async () => {
    subject = await aStore()
    clients = Array.from({ length: 6 }, () => connectRedis())
  })
  afterEach(async () => {
    for (const client of clients) client.disconnect()
    await subject.cleanup()
  })

  const onEachClient = () => Promise.all(clients.map(client => subject.another(client)))

  test('are all released, whoever ends, cancels and inserts at the same time on other connections', async () => {
    const stores = await onEachClient()
    const { store } = subject
    for (let round = 0; round < 60; round++) {
      const ids = ['x', 'y', 'z'].map(name => `${round}/${name}`)
      await store.insert([...ids.map(id => aJob({ id })), ending(`${round}/before`, ids)])
      const held = await store.claim(upTo(2))
      const rest = ids.filter(id => held.every(job => job.id !== id))
      await Promise.all(
        shuffled(round, [
          () => stores[0]?.commit([finish(held[0] as Job)]),
          () => stores[1]?.commit([finish(held[1] as Job)]),
          () => stores[2]?.request({ kind: 'cancel' }, { ids: rest }),
          ...[3, 4, 5].map(place => () => stores[place]?.insert([ending(`${round}/${place}`, ids)])),
        ]).map(act => act()),
      )
      const names = ['before', '3', '4', '5'].map(name => `${round}/${name}`)
      expect(await standings(store, names)).toEqual(names.map(() => 'waiting 0'))
      await store.request({ kind: 'pause' }, { ids: names })
    }
    await expectNoEdges()
  })

  test('are all cancelled, whoever fails and inserts at the same time on other connections', async () => {
    const stores = await onEachClient()
    const { store } = subject
    for (let round = 0; round < 60; round++) {
      const [base, chain] = [`${round}/base`, `${round}/chain`]
      await store.insert([aJob({ id: base }), needing(chain, [base])])
      const [held] = await store.claim(upTo(1))
      const late = [2, 3, 4, 5].map(place => `${round}/${place}`)
      await Promise.all(
        shuffled(round, [
          () => stores[0]?.commit([{ ...finish(held as Job), patch: { state: 'failed' } }]),
          ...late.map((id, place) => () => stores[place + 2]?.insert([needing(id, [chain])])),
        ]).map(act => act()),
      )
      expect(await standings(store, [chain, ...late])).toEqual(Array(5).fill('cancelled 1'))
    }
  })

  test('are refused, or keep whom they wait for, when that one is pruned at the same time', async () => {
    const [one, two] = (await onEachClient()) as [Store, Store]
    const { store, advance } = subject
    const seen = new Set<string>()
    for (let round = 0; round < 60; round++) {
      const [over, late] = [`${round}/over`, `${round}/late`]
      await store.insert([aJob({ id: over, processor: 'base' })])
      await store.request({ kind: 'cancel' }, { ids: [over] })
      await advance(1)
      const prune = () => one.prune({ states: ['cancelled'], processors: ['base'], olderThanMs: 0, limit: 9 })
      const insert = async () => {
        if (round % 2) await two.get('the prune is on its way')
        return two.insert([needing(late, [over])]).then(() => 'kept', codeOf)
      }
      const [outcome] = await Promise.all([insert(), prune()])
      seen.add(outcome)
      const stored = await Promise.all([over, late].map(id => store.get(id)))
      const expected = outcome === 'kept' ? ['cancelled', 'cancelled'] : [undefined, undefined]
      expect(stored.map(job => job?.state)).toEqual(expected)
      await store.request({ kind: 'retry' }, { ids: [late] })
    }
    expect([...seen].sort()).toEqual(['kept', 'unknown_job'])
  })

  test('are claimed after all whom they wait for, when six clients drain a graph', async () => {
    const graph = aGraph(1_500)
    await subject.store.insert(graph)
    const awaited = new Map(graph.map(({ id, after }) => [id, after?.ids ?? []]))
    const ended = new Set<string>()
    const order: string[] = []

    async function drain(store: Store) {
      while (order.length < graph.length) {
        const jobs = await store.claim(upTo(5))
        for (const { id } of jobs) {
          expect(awaited.get(id)?.filter(other => !ended.has(other))).toEqual([])
          order.push(id)
        }
        for (const { id } of jobs) ended.add(id)
        await store.commit(jobs.map(finish))
      }
    }

    await Promise.all((await onEachClient()).map(drain))
    expect(new Set(order).size).toBe(graph.length)
    expect((await subject.store.count({})).states.completed).toBe(graph.length)
    await expectNoEdges()
  })

  test('may be thousands for one job, or wait for thousands', async () => {
    const { store } = subject
    const many = Array.from({ length: 5_000 }, (_, place) => needing(`${place}`, ['top']))
    const ids = many.map(({ id }) => id)
    await store.insert([aJob({ id: 'top' }), ...many, needing('last', ids)])
    expect((await store.count({})).states).toMatchObject({ blocked: 5_001, waiting: 1 })
    await store.commit((await store.claim(upTo(9))).map(finish))
    expect((await store.count({})).states).toMatchObject({ blocked: 1, waiting: 5_000 })
    for (let jobs = await store.claim(upTo(2_000)); jobs.length > 1; jobs = await store.claim(upTo(2_000)))
      await store.commit(jobs.map(finish))
    expect(await store.get('last')).toMatchObject({ state: 'running', waitsFor: 0 })
    await expectNoEdges()
  })

  test('are cancelled along a chain of thousands in one write, and go on after a retry of all', async () => {
    const { client, key, store } = subject
    const chain = Array.from({ length: 5_000 }, (_, place) => needing(`${place + 1}`, [`${place}`]))
    await store.insert([aJob({ id: '0' }), ...chain])
    const [held] = await store.claim(upTo(9))
    await store.commit([{ ...finish(held as Job), patch: { state: 'failed' } }])
    expect((await store.count({})).states).toMatchObject({ failed: 1, cancelled: 5_000 })
    expect(await store.request({ kind: 'retry' }, {})).toBe(5_001)
    expect((await store.count({})).states).toMatchObject({ waiting: 1, blocked: 5_000 })
    expect(await client.zcard(key('waiters'))).toBe(5_000)
  })

  test('hide nobody who may be pruned behind those whom they wait for', async () => {
    const { store, advance } = subject
    const ids = Array.from({ length: 1_200 }, (_, place) => `${place}`)
    await store.insert([...ids, 'free'].map(id => aJob({ id })))
    await store.request({ kind: 'cancel' }, { ids })
    await store.insert([needing('last', ids)])
    await store.request({ kind: 'retry' }, { ids: ['last'] })
    await advance(1)
    await store.request({ kind: 'cancel' }, { ids: ['free'] })
    await advance(1)
    const rule = { states: ['cancelled'], olderThanMs: 0 } as const
    expect(await store.prune({ ...rule, limit: 1 })).toBe(1)
    expect(await store.get('free')).toBeUndefined()
    expect(await store.prune({ ...rule, limit: 9 })).toBe(0)
    await store.request({ kind: 'cancel' }, { ids: ['last'] })
    await advance(1)
    let pruned = 0
    for (let chunk = 1; chunk > 0; pruned += chunk) chunk = await store.prune({ ...rule, limit: 2_000 })
    expect(pruned).toBe(1_201)
    await expectNoEdges()
  })

  test('show in the answer to a write of their own beside the one that releases them', async () => {
    const { store } = subject
    await store.insert([aJob({ id: 'a' }), needing('b', ['a'])])
    const [held] = await store.claim(upTo(9))
    const stale = { id: 'b', token: 1, seq: 1, patch: { state: 'completed' } } as const
    const [, answer] = await store.commit([finish(held as Job), stale])
    expect(answer).toMatchObject({ accepted: false, job: { state: 'waiting', token: 0 } })
  })

  async function expectNoEdges() {
    const { client, key } = subject
    expect(await client.exists(key('waiters'), key('awaits'))).toBe(0)
  }
})

test.skipIf(!canStart('redis'))('a write that ends jobs for whom nobody waits looks for nobody', async () => {
  const server = await startRedis({})
  const { client, store, cleanup } = await aStore({}, server.url)
  const waits = needing('waits', ['awaited'])
  await store.insert([
    ...Array.from({ length: 20 }, () => aJob()),
    aJob({ id: 'awaited', priority: -1 }),
    waits,
  ])
  const held = await store.claim(upTo(20))
  await client.config('RESETSTAT')
  await store.commit(held.map(finish))
  expect(await commandsOf(client)).not.toContain('zrangebylex')
  await store.commit((await store.claim(upTo(1))).map(finish))
  expect(await commandsOf(client)).toContain('zrangebylex')
  await cleanup()
  await server.close()
})

async function commandsOf(client: Redis): Promise<string[]> {
  const text = await client.info('commandstats')
  return [...text.matchAll(/cmdstat_([^:]+):/g)].map(([, name]) => name as string).sort()
}

function needing(id: string, ids: readonly string[], outcome: After['outcome'] = 'succeeded'): NewJob {
  return aJob({ id, after: { ids, outcome } })
}

function ending(id: string, ids: readonly string[]): NewJob {
  return needing(id, ids, 'ended')
}

function finish({ id, token }: Job) {
  return { id, token, seq: 1, patch: { state: 'completed' } } as const
}

/** Each job waits for up to three of those before it. */
function aGraph(size: number): NewJob[] {
  return Array.from({ length: size }, (_, place) => {
    const ids = [place / 2, place / 3, place - 40]
      .map(Math.floor)
      .filter(other => other >= 0 && other < place)
    return ids.length > 0 ? needing(`${place}`, ids.map(String)) : aJob({ id: `${place}` })
  })
}

async function standings(store: Store, ids: readonly string[]) {
  const jobs = await Promise.all(ids.map(id => store.get(id)))
  return jobs.map(job => `${job?.state} ${job?.waitsFor}`)
}

/** Another order for each round, so that now these, now those come first. */
function shuffled<Item>(round: number, items: readonly Item[]): Item[] {
  return items.map((_, place) => items[(place + round) % items.length] as Item)
}

function codeOf(error: StoreError): string {
  return error.code
}
