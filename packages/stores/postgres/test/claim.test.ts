import type { Store } from '@longhaul/core/store'
import { afterEach, describe, expect, test } from 'vitest'
import { aDatabase, aJob, noServer, rowsRead, someJobs, upTo } from './support.js'

const databases: ReturnType<typeof aDatabase>[] = []
afterEach(async () => {
  for (const database of databases.splice(0)) await database.cleanup()
})

describe.skipIf(noServer)('a claim', () => {
  test.each([
    ['as it is', {}],
    ['without hash and merge joins', { enable_hashjoin: 'off', enable_mergejoin: 'off' }],
    ['without nested loops', { enable_nestloop: 'off' }],
    ['without index scans', { enable_indexscan: 'off', enable_indexonlyscan: 'off' }],
    ['without any index', { enable_indexscan: 'off', enable_indexonlyscan: 'off', enable_bitmapscan: 'off' }],
  ])('takes exactly as many as it is allowed, in order, with a planner %s', async (_, settings) => {
    const { pool, store, table } = await setup({ settings })
    await store.insert(someJobs(1_000))
    await pool.query(`analyze ${table('jobs')}`)

    expect(idsOf(await store.claim(upTo(5)))).toEqual(['1', '2', '3', '4', '5'])
    expect((await store.count({})).states).toMatchObject({ running: 5, waiting: 995 })
  })

  test('finds all that is due, whatever share of it others are taking', async () => {
    const { store } = await setup({ max: 12 })
    await store.insert(someJobs(3_000))
    const claims = await Promise.all(Array.from({ length: 12 }, () => store.claim(upTo(250))))
    expect(claims.map(jobs => jobs.length)).toEqual(Array.from({ length: 12 }, () => 250))
    expect(new Set(claims.flatMap(idsOf)).size).toBe(3_000)
  })

  test('waits for nobody: rows that others lock are left out', async () => {
    const { pool, store, table, onCleanup } = await setup()
    await store.insert(someJobs(3))
    const other = await pool.connect()
    onCleanup(() => other.release())
    await other.query(`begin; select * from ${table('jobs')} where id = '1' for update`)
    expect(idsOf(await store.claim(upTo(9)))).toEqual(['2', '3'])
    await other.query('rollback')
    expect(idsOf(await store.claim(upTo(9)))).toEqual(['1'])
  })

  test('reads neither jobs that are due later, nor those of other queues or processors', async () => {
    const { pool, store, table } = await setup()
    await store.insert(someJobs(2_000, { delayMs: 60_000 }))
    await store.insert(Array.from({ length: 2_000 }, () => aJob({ queue: 'bulk' })))
    await store.insert(Array.from({ length: 2_000 }, () => aJob({ processor: 'other' })))
    await pool.query(`vacuum analyze ${table('jobs')}`)

    const before = await rowsRead(pool, table('jobs'))
    expect(await store.claim(upTo(10, { queues: ['default'] }))).toEqual([])
    expect((await rowsRead(pool, table('jobs'))) - before).toBeLessThan(100)
  })

  test('reads no job of a queue that is left out, however many wait there', async () => {
    const { pool, store, table } = await setup()
    await store.insert(someJobs(2_000, { queue: 'bulk', priority: 5 }))
    await store.insert([aJob({ id: 'laned', queue: 'bulk', lane: 'a' }), aJob({ id: 'a' })])
    await pool.query(`vacuum analyze ${table('jobs')}`)

    const before = await rowsRead(pool, table('jobs'))
    expect(idsOf(await store.claim(upTo(10, { exceptQueues: ['bulk', 'none'] })))).toEqual(['a'])
    expect((await rowsRead(pool, table('jobs'))) - before).toBeLessThan(100)
  })

  test('leaves queues out also where jobs have lanes', async () => {
    const { store } = await setup()
    await store.insert([
      aJob({ id: 'bulk', queue: 'bulk', lane: 'b' }),
      aJob({ id: 'a', lane: 'a' }),
      aJob({ id: 'free' }),
    ])
    for (const expected of [['a', 'free'], []])
      expect(idsOf(await store.claim(upTo(10, { exceptQueues: ['bulk'] })))).toEqual(expected)
    expect(idsOf(await store.claim(upTo(10)))).toEqual(['bulk'])
  })

  test('reads no job that has ended, though the server knows nothing of the table yet', async () => {
    const { pool, store, table } = await setup()
    await pool.query(`alter table ${table('jobs')} set (autovacuum_enabled = off)`)
    await pool.query(`
      insert into ${table('jobs')} (state, id, processor, queue, input, rank, due_at, created_at, ended_at, lane_limit)
      select 'completed', 'ended ' || n, 'work', 'default', '{}', 0, n, n, n, 1 from generate_series(1, 30000) as n`)
    await store.insert(someJobs(200))

    const before = await rowsRead(pool, table('jobs'))
    const jobs = await store.claim(upTo(10))
    await store.commit(jobs.map(({ id }) => ({ id, token: 1, seq: 1, patch: { state: 'completed' } })))
    expect((await rowsRead(pool, table('jobs'))) - before).toBeLessThan(1_500)
  })

  test('reads no more than it needs, though its connection first claimed when there was nothing', async () => {
    const { pool, store, table } = await setup({ max: 1 })
    await pool.query(`alter table ${table('jobs')} set (autovacuum_enabled = off)`)
    for (let poll = 0; poll < 10; poll++) await store.claim(upTo(10))
    await pool.query(`
      insert into ${table('jobs')} (state, id, processor, queue, input, rank, due_at, created_at, lane_limit)
      select 'waiting', 'job ' || n, 'work', 'default', '{}', 0, n, n, 1 from generate_series(1, 30000) as n`)

    const before = await rowsRead(pool, table('jobs'))
    expect(await store.claim(upTo(10))).toHaveLength(10)
    expect((await rowsRead(pool, table('jobs'))) - before).toBeLessThan(100)
  })

  test('gives out jobs of several lines in one order, and each once, to many at a time', async () => {
    const { store } = await setup({ max: 8 })
    const lines = [0, 1, 2].flatMap(priority => ['x', 'y'].map(queue => ({ priority, queue })))
    await store.insert(
      Array.from({ length: 1_200 }, (_, index) => aJob({ id: `${index}`, ...lines[index % 6] })),
    )
    const claims = await Promise.all(Array.from({ length: 8 }, () => store.claim(upTo(150))))
    expect(claims.map(jobs => jobs.length)).toEqual(Array.from({ length: 8 }, () => 150))
    expect(new Set(claims.flatMap(idsOf)).size).toBe(1_200)
    for (const jobs of claims) expect(jobs.map(({ priority }) => priority)).toEqual(descending(jobs))
  })

  test('takes a full lane as one to be passed over, however many wait in it', async () => {
    const { store } = await setup()
    await store.insert(someJobs(1_000, { lane: 'a', laneLimit: 2 }))
    await store.insert([aJob({ id: 'b', lane: 'b' }), aJob({ id: 'free' })])
    expect(idsOf(await store.claim(upTo(10)))).toEqual(['1', '2', 'b', 'free'])
  })

  test('gives out jobs with and without lanes in one order', async () => {
    const { store } = await setup()
    const lanes = ['a', null, 'a', 'b', null, 'b', 'c']
    await store.insert(lanes.map((lane, index) => aJob({ id: `${index}`, lane })))
    expect(idsOf(await store.claim(upTo(3)))).toEqual(['0', '1', '3'])
    expect(idsOf(await store.claim(upTo(9)))).toEqual(['4', '6'])
  })
})

function idsOf(jobs: Awaited<ReturnType<Store['claim']>>) {
  return jobs.map(({ id }) => id)
}

function descending(jobs: Awaited<ReturnType<Store['claim']>>) {
  return jobs.map(({ priority }) => priority).sort((a, b) => b - a)
}

async function setup(options: Parameters<typeof aDatabase>[0] = {}) {
  const database = aDatabase(options)
  databases.push(database)
  return { ...database, store: await database.store({ listen: false }) }
}
