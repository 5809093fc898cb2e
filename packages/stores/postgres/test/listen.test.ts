import type { PostgresStoreOptions } from '@longhaul/postgres'
import { afterEach, describe, expect, test } from 'vitest'
import { aDatabase, aJob, aPool, noServer, serverUrl, upTo } from './support.js'

const databases: ReturnType<typeof aDatabase>[] = []
afterEach(async () => {
  for (const database of databases.splice(0)) await database.cleanup()
})

describe.skipIf(noServer)('a listener', () => {
  test('hears of an insert by another store', async () => {
    const { other, heard } = await setup()
    const wakes = heard()
    await other.insert([aJob()])
    await expect.poll(heard).toBeGreaterThan(wakes)
  })

  test('hears of a transaction of the app once it is committed', async () => {
    const { pool, other, heard, onCleanup } = await setup()
    const client = await pool.connect()
    onCleanup(() => client.release())
    const wakes = heard()
    await client.query('begin')
    await other.insert([aJob()], client)
    await client.query('commit')
    await expect.poll(heard).toBeGreaterThan(wakes)
  })

  test('hears of a transaction that takes longer than a hint, its own ones too', async () => {
    const { pool, mine, other, heard, onCleanup } = await setup()
    const client = await pool.connect()
    onCleanup(() => client.release())
    for (const store of [mine, other]) {
      await client.query('begin')
      await store.insert([aJob()], client)
      await quiet(heard)
      await client.query('commit')
      const wakes = heard()
      await expect.poll(heard, { timeout: 2_000 }).toBeGreaterThan(wakes)
    }
  })

  test('says that it hears while its connection lives and the last claim told what comes next', async () => {
    const { pool, schema, mine } = await setup()
    expect(mine.hears?.()).toBe(false)
    await mine.claim(upTo(1))
    expect(mine.hears?.()).toBe(true)
    await pool.query(terminateSql, [schema])
    await expect.poll(() => mine.hears?.(), { interval: 1 }).toBe(false)
    await expect.poll(() => mine.hears?.(), { timeout: 5_000 }).toBe(true)
  })

  test('hears of the end of a job that frees a lane, and of no other end', async () => {
    const { other, heard } = await setup()
    await other.insert([aJob({ id: 'a' }), aJob({ id: 'b', lane: 'l' })])
    await quiet(heard)
    await other.claim(upTo(2))
    const wakes = heard()
    await other.commit([{ id: 'a', token: 1, seq: 1, patch: { state: 'completed' } }])
    expect(await quiet(heard)).toBe(wakes)
    await other.commit([{ id: 'b', token: 1, seq: 1, patch: { state: 'completed' } }])
    await expect.poll(heard).toBeGreaterThan(wakes)
  })

  test('hears of the end of a job that releases another one', async () => {
    const { other, heard } = await setup()
    await other.insert([aJob({ id: 'a' }), aJob({ after: { ids: ['a'], outcome: 'ended' } })])
    await other.claim(upTo(2))
    const wakes = await quiet(heard)
    await other.commit([{ id: 'a', token: 1, seq: 1, patch: { state: 'completed' } }])
    await expect.poll(heard).toBeGreaterThan(wakes)
  })

  test('hears of many inserts a few times only', async () => {
    const { other, heard } = await setup({ notifyEveryMs: 200 })
    const wakes = heard()
    await Promise.all(Array.from({ length: 100 }, () => other.insert([aJob()])))
    expect((await quiet(heard)) - wakes).toBeLessThan(10)
  })

  test('is woken when its connection was lost and found again, and hears on', async () => {
    const { pool, schema, other, heard } = await setup()
    const wakes = heard()
    await pool.query(terminateSql, [schema])
    await expect.poll(heard, { message: 'for what came meanwhile' }).toBeGreaterThan(wakes)
    const again = heard()
    await other.insert([aJob()])
    await expect.poll(heard).toBeGreaterThan(again)
  })

  test('may listen elsewhere than its pool leads', async () => {
    const { other, heard } = await setup({ listen: serverUrl })
    const wakes = heard()
    await other.insert([aJob()])
    await expect.poll(heard).toBeGreaterThan(wakes)
  })

  test('takes no connection once it has stopped', async () => {
    const { own, stop } = await setup()
    await stop()
    await expect.poll(() => own.totalCount - own.idleCount).toBe(0)
  })
})

/** Waits until nothing was heard for a while. */
async function quiet(heard: () => number): Promise<number> {
  for (let before = -1; before !== heard(); ) {
    before = heard()
    await new Promise(resolve => setTimeout(resolve, 300))
  }
  return heard()
}

const terminateSql = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1`

/** A store that listens, with a pool of its own whose connections go by the name of its schema; and another one. */
async function setup(options: PostgresStoreOptions = {}) {
  const database = aDatabase()
  databases.push(database)
  const pool = aPool({ settings: { application_name: database.schema } })
  database.onCleanup(() => pool.end())
  const store = await database.store(options, pool)
  const other = await database.store({ ...options, listen: false })
  let wakes = 0
  const stop = await store.listen?.(() => void wakes++)
  await expect.poll(() => wakes, { message: 'once it listens' }).toBeGreaterThan(0)
  return { ...database, own: pool, mine: store, other, heard: () => wakes, stop: async () => stop?.() }
}
