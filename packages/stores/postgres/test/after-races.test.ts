import type { After, Job, NewJob, Store } from '@longhaul/core/store'
import type pg from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { aDatabase, aJob, aPool, noServer, someJobs, upTo } from './support.js'

const databases: ReturnType<typeof aDatabase>[] = []
afterEach(async () => {
  for (const database of databases.splice(0)) await database.cleanup()
})

describe.skipIf(noServer)('waiting for others', () => {
  test('is no wait for a job whose end is under way when the waiting one is inserted', async () => {
    const { store, begin, untilBlocked } = await setup()
    const held = await aHeldJob(store)
    const client = await begin()
    await end(store, [held], 'completed', client)
    const inserted = store.insert([waiting('b', ['a'])])
    await untilBlocked()
    await client.query('commit')
    expect(await inserted).toMatchObject([{ state: 'waiting', waitsFor: 0 }])
    expect(idsOf(await store.claim(upTo(9)))).toEqual(['b'])
  })

  test('is in vain for a job that is failing while the waiting one is inserted', async () => {
    const { store, begin, untilBlocked } = await setup()
    const held = await aHeldJob(store)
    const client = await begin()
    await end(store, [held], 'failed', client)
    const inserted = store.insert([waiting('b', ['a']), waiting('c', ['b'], 'ended')])
    await untilBlocked()
    await client.query('commit')
    expect(await inserted).toMatchObject([
      { state: 'cancelled', waitsFor: 1 },
      { state: 'waiting', waitsFor: 0 },
    ])
  })

  test('is over with an end that meets the insert under way', async () => {
    const { store, begin, untilBlocked } = await setup()
    const held = await aHeldJob(store)
    const client = await begin()
    await store.insert([waiting('b', ['a'])], client)
    const ended = end(store, [held], 'completed')
    await untilBlocked()
    await client.query('commit')
    expect(await ended).toMatchObject([{ accepted: true, job: { state: 'completed' } }])
    expect(await store.get('b')).toMatchObject({ state: 'waiting', waitsFor: 0 })
  })

  test('is over with a cancel that meets the insert under way', async () => {
    const { store, begin, untilBlocked } = await setup()
    await store.insert([aJob({ id: 'a' })])
    const client = await begin()
    await store.insert([waiting('b', ['a'], 'ended'), waiting('c', ['a'])], client)
    const cancelled = store.request({ kind: 'cancel' }, { ids: ['a'] })
    await untilBlocked()
    await client.query('commit')
    expect(await cancelled).toBe(1)
    expect(await store.get('b')).toMatchObject({ state: 'waiting', waitsFor: 0 })
    expect(await store.get('c')).toMatchObject({ state: 'cancelled', waitsFor: 1 })
  })

  test('leaves no trace where the insert under way is rolled back', async () => {
    const { store, begin, untilBlocked, waits } = await setup()
    const held = await aHeldJob(store)
    const client = await begin()
    await store.insert([waiting('b', ['a'])], client)
    const ended = end(store, [held], 'completed')
    await untilBlocked()
    await client.query('rollback')
    expect(await ended).toMatchObject([{ accepted: true }])
    expect(await store.get('b')).toBeUndefined()
    expect(await waits()).toBe(0)
  })

  test('is in vain also for one that is inserted while those before it are being cancelled', async () => {
    const { store, begin, untilBlocked } = await setup()
    const held = await aHeldJob(store)
    await store.insert([waiting('b', ['a']), waiting('c', ['b'])])
    const client = await begin()
    await store.insert([waiting('d', ['c']), waiting('last', ['b', 'c', 'd'], 'ended')], client)
    const ended = end(store, [held], 'failed')
    await untilBlocked()
    await client.query('commit')
    await ended
    for (const id of ['b', 'c', 'd'])
      expect(await store.get(id)).toMatchObject({ state: 'cancelled', waitsFor: 1 })
    expect(await store.get('last')).toMatchObject({ state: 'waiting', waitsFor: 0 })
  })

  test('is counted once when a job is paused while it is released', async () => {
    const { store, begin, untilBlocked } = await setup()
    const held = await aHeldJob(store)
    await store.insert([waiting('b', ['a'])])
    const client = await begin()
    await end(store, [held], 'completed', client)
    const paused = store.request({ kind: 'pause' }, { ids: ['b'] })
    await untilBlocked()
    await client.query('commit')
    expect(await paused).toBe(1)
    expect(await store.get('b')).toMatchObject({ state: 'paused', waitsFor: 0 })
  })

  test('keeps a job from being pruned as soon as its insert is under way', async () => {
    const { store, begin } = await setup()
    await end(store, [await aHeldJob(store)], 'failed')
    const rule = { states: ['failed'], olderThanMs: 0, limit: 10 } as const
    const client = await begin()
    await store.insert([waiting('b', ['a'])], client)
    expect(await store.prune(rule)).toBe(0)
    await client.query('commit')
    expect(await store.prune(rule)).toBe(0)
    expect(await store.get('a')).toMatchObject({ state: 'failed' })
  })

  test('fails a stricter transaction of the app that can not see who waits', async () => {
    const { pool, store, begin } = await setup()
    const held = await aHeldJob(store)
    await store.insert([waiting('b', ['a'])])
    const client = await begin('begin isolation level repeatable read')
    await client.query('select count(*) from pg_class')
    await store.insert([waiting('c', ['a'])])
    await expect(end(store, [held], 'completed', client)).rejects.toMatchObject({ code: 'store_busy' })
    await client.query('rollback')
    await end(store, [held], 'completed')
    expect(idsOf(await store.claim(upTo(9)))).toEqual(['b', 'c'])
    expect(pool.waitingCount).toBe(0)
  })

  test('ends for all of a graph that eight connections insert, work off and fail side by side', async () => {
    const { store, stores, waits } = await setup(8)
    const early: string[] = []
    await store.insert(someJobs(10, { priority: 1 }))
    const inserting = Promise.all(stores.slice(0, 4).map((one, at) => build(one, `${at}`)))
    const workers = stores.slice(4).map(one => drain(one, inserting, early))
    await Promise.all([inserting, ...workers])

    expect(early, 'claimed before what they wait for had ended').toEqual([])
    const { states } = await store.count({})
    expect(states).toMatchObject({
      blocked: 0,
      waiting: 0,
      running: 0,
      failed: 9,
      cancelled: 76,
      completed: 165,
    })
    expect((await store.count({ tag: 'last' })).states).toMatchObject({ completed: 4 * 15 })
    expect(await waits(), 'only of those that waited in vain').toBe(await sumOfWaits(store))
  })
})

function waiting(id: string, ids: readonly string[], outcome: After['outcome'] = 'succeeded'): NewJob {
  return aJob({ id, after: { ids, outcome }, input: JSON.stringify(ids) })
}

async function aHeldJob(store: Store): Promise<Job> {
  await store.insert([aJob({ id: 'a' })])
  const [job] = await store.claim(upTo(1))
  return job as Job
}

function end(store: Store, jobs: readonly Job[], state: 'completed' | 'failed', via?: pg.PoolClient) {
  const writes = jobs.map(({ id, token }) => ({ id, token, seq: 1, patch: { state } }))
  return store.commit(writes, via)
}

function idsOf(jobs: readonly Job[]) {
  return jobs.map(({ id }) => id)
}

/** Small graphs over jobs that are being worked off, each with one that runs when all of it has ended. */
async function build(store: Store, name: string) {
  for (let round = 0; round < 15; round++) {
    const [one, two, three] = ['x', 'y', 'z'].map(part => `${name}/${round}/${part}`) as [
      string,
      string,
      string,
    ]
    const base = [1, 2, 3].map(step => `${((round + step * 3) % 10) + 1}`)
    await store.insert([waiting(one, base)])
    await store.insert([waiting(two, [one, base[0] as string]), waiting(three, [two, one])])
    const last = waiting(`${name}/${round}/last`, [one, two, three], 'ended')
    await store.insert([{ ...last, tags: ['last'] }])
  }
}

/** One that five rounds of each graph wait for fails, and the first of two rounds more. */
const fails = ({ id }: Job) => /^(7|\d\/(1|9)\/x)$/.test(id)

async function drain(store: Store, inserting: Promise<unknown>, early: string[]) {
  let isInserted = false
  void inserting.then(() => {
    isInserted = true
  })
  for (let empty = 0; empty < 5; ) {
    const last = isInserted
    const jobs = await store.claim(upTo(3))
    empty = jobs.length > 0 || !last ? 0 : empty + 1
    for (const job of jobs) if (!(await isInTurn(store, job))) early.push(job.id)
    const failing = jobs.filter(fails)
    const others = jobs.filter(job => !fails(job))
    await Promise.all([end(store, failing, 'failed'), end(store, others, 'completed')])
  }
}

async function isInTurn(store: Store, job: Job): Promise<boolean> {
  const ids = JSON.parse(job.input) as readonly string[] | object
  if (!Array.isArray(ids)) return true
  const { jobs } = await store.list({ ids }, { limit: 10 })
  return jobs.every(({ endedAt }) => endedAt !== null)
}

async function sumOfWaits(store: Store): Promise<number> {
  const { jobs } = await store.list({}, { limit: 1_000 })
  return jobs.reduce((sum, { waitsFor }) => sum + waitsFor, 0)
}

/** Stores on pools of one connection each, as processes have them; the first one's goes by the schema's name. */
async function setup(connections = 1) {
  const database = aDatabase()
  databases.push(database)
  const { pool, schema, table, onCleanup } = database
  const stores: Store[] = []
  for (let at = 0; at < connections; at++) {
    const own = aPool({ max: 2, settings: { application_name: schema } })
    onCleanup(() => own.end())
    stores.push(await database.store({ listen: false }, own))
  }

  return {
    ...database,
    stores,
    store: stores[0] as Store,
    async begin(how = 'begin') {
      const client = await pool.connect()
      onCleanup(() => client.release())
      await client.query(how)
      return client
    },
    async untilBlocked() {
      const text = `select from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'`
      while ((await pool.query(text, [schema])).rowCount === 0)
        await new Promise(resolve => setTimeout(resolve, 5))
    },
    async waits() {
      return (await pool.query(`select count(*)::integer as waits from ${table('edges')}`)).rows[0]
        .waits as number
    },
  }
}
