import type { Job, Store } from '@longhaul/core/store'
import { afterEach, describe, expect, test } from 'vitest'
import { aDatabase, aJob, movableClock, noServer, quoted, upTo } from './support.js'

const databases: ReturnType<typeof aDatabase>[] = []
afterEach(async () => {
  for (const database of databases.splice(0)) await database.cleanup()
})

describe.skipIf(noServer)('a lane', () => {
  test('is never above its limit while eight connections claim and finish side by side', async () => {
    const { store } = await setup({ max: 8 })
    const lanes = ['a', 'b', 'c', 'd', null]
    const jobs = Array.from({ length: 600 }, (_, index) =>
      aJob({ lane: lanes[index % 5] ?? null, laneLimit: 2 }),
    )
    await store.insert(jobs)

    const held = new Map<string, number>()
    const most = (await Promise.all(Array.from({ length: 8 }, () => drain(store, held)))).flat()
    expect(Math.max(...most)).toBe(2)
    expect((await store.count({})).states.completed).toBe(600)
  })

  test('keeps the place of a holder whose renewal is under way when its lease would have ended', async () => {
    const { pool, schema, store, clock, onCleanup } = await withClock()
    await store.insert([aJob({ id: 'held', lane: 'a' }), aJob({ id: 'next', lane: 'a' })])
    const [job] = await store.claim(upTo(1))
    const client = await pool.connect()
    onCleanup(() => client.release())

    await client.query('begin')
    await store.commit([{ id: 'held', token: job?.token ?? 0, seq: 1, patch: { leaseMs: 120_000 } }], client)
    await clock.advance(61_000)
    expect(await store.claim(upTo(9)), 'not yet committed').toEqual([])
    await client.query('commit')
    expect(await store.claim(upTo(9))).toEqual([])
    expect(await runningIn(pool, schema)).toBe(1)
  })

  test('refuses a renewal that a claim of the lane overtook', async () => {
    const { pool, store, table, onCleanup } = await setup()
    await store.insert([aJob({ lane: 'a' })])
    const [job] = await store.claim(upTo(1, { leaseMs: 500 }))
    const client = await pool.connect()
    onCleanup(() => client.release())

    await client.query('begin')
    await client.query(`update ${table('jobs')} set claim_id = null where id = $1`, [job?.id])
    const renewed = store.commit([{ id: job?.id ?? '', token: 1, seq: 1, patch: { leaseMs: 120_000 } }])
    await waiting(pool)
    await client.query('select pg_sleep(0.6)')
    await client.query('commit')
    expect(await renewed).toMatchObject([{ accepted: false }])
  })
})

/** Answers with how many jobs each lane held at most, as those who held them counted. */
async function drain(store: Store, held: Map<string, number>): Promise<number[]> {
  const most: number[] = []
  for (let empty = 0; empty < 20; ) {
    const jobs = await store.claim(upTo(3))
    empty = jobs.length > 0 ? 0 : empty + 1
    for (const { lane } of jobs) if (lane !== null) most.push(add(held, lane, 1))
    for (const { id } of jobs) await store.get(id) // others look for the lane meanwhile
    await finish(store, jobs, held)
  }
  return most
}

async function finish(store: Store, jobs: readonly Job[], held: Map<string, number>) {
  for (const { lane } of jobs) if (lane !== null) add(held, lane, -1)
  await store.commit(jobs.map(({ id, token }) => ({ id, token, seq: 1, patch: { state: 'completed' } })))
}

function add(held: Map<string, number>, lane: string, count: number): number {
  const now = (held.get(lane) ?? 0) + count
  held.set(lane, now)
  return now
}

async function runningIn(pool: ReturnType<typeof aDatabase>['pool'], schema: string) {
  const { rows } = await pool.query(
    `select count(*)::integer as jobs from ${quoted(schema)}.jobs where state = 'running'`,
  )
  return rows[0].jobs
}

/** Until somebody waits for a lock. */
async function waiting(pool: ReturnType<typeof aDatabase>['pool']) {
  const text = "select count(*)::integer as waits from pg_stat_activity where wait_event_type = 'Lock'"
  while ((await pool.query(text)).rows[0].waits === 0) await new Promise(resolve => setTimeout(resolve, 5))
}

async function withClock() {
  const database = aDatabase()
  databases.push(database)
  const clock = await movableClock(database.pool, database.schema)
  return { ...database, clock, store: await database.store({ listen: false, now: clock.now }) }
}

async function setup(options: Parameters<typeof aDatabase>[0] = {}) {
  const database = aDatabase(options)
  databases.push(database)
  return { ...database, store: await database.store({ listen: false }) }
}
