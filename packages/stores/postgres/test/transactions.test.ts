import { afterEach, describe, expect, test } from 'vitest'
import { aDatabase, aJob, noServer, upTo } from './support.js'

const databases: ReturnType<typeof aDatabase>[] = []
afterEach(async () => {
  for (const database of databases.splice(0)) await database.cleanup()
})

describe.skipIf(noServer)('a transaction of the app', () => {
  test('that commits takes jobs and rows with it, which nobody sees before', async () => {
    const { client, store, orders } = await setup()
    await client.query('begin')
    await client.query(`insert into ${orders.table} values ('o1')`)
    expect(await store.insert([aJob({ id: 'a' })], client)).toMatchObject([{ id: 'a', state: 'waiting' }])
    expect(await store.claim(upTo(1))).toEqual([])
    await client.query('commit')

    expect(await store.claim(upTo(1))).toMatchObject([{ id: 'a' }])
    expect(await orders.ids()).toEqual(['o1'])
  })

  test('that is rolled back leaves neither jobs nor rows', async () => {
    const { client, store, orders } = await setup()
    await client.query('begin')
    await client.query(`insert into ${orders.table} values ('o1')`)
    await store.insert([aJob({ id: 'a' })], client)
    await client.query('rollback')

    expect(await store.get('a')).toBeUndefined()
    expect(await orders.ids()).toEqual([])
  })

  test('makes a checkpoint and the effects of its items one', async () => {
    const { client, store, orders } = await setup()
    await store.insert([aJob({ id: 'a' })])
    await store.claim(upTo(1))
    const checkpoint = async (cursor: string, seq: number, end: string) => {
      await client.query(`begin; insert into ${orders.table} values ('${cursor}')`)
      await store.commit([{ id: 'a', token: 1, seq, patch: { cursor } }], client)
      await client.query(end)
    }
    await checkpoint('c1', 1, 'commit')
    await checkpoint('c2', 2, 'rollback')

    expect(await store.get('a')).toMatchObject({ cursor: 'c1', state: 'running' })
    expect(await orders.ids()).toEqual(['c1'])
  })

  test('hears typed what fails in it, and is then over, as PostgreSQL has it', async () => {
    const { client, store } = await setup()
    await client.query('begin')
    const impossible = aJob({ priority: Number.NaN })
    await expect(store.insert([impossible], client)).rejects.toMatchObject({ code: 'store_failed' })
    await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' })
    await client.query('rollback')
  })

  test('is needed: a pool, or a client that has begun none, is refused', async () => {
    const { client, pool, store } = await setup()
    const refused = { code: 'invalid_transaction', retryable: false }
    await expect(store.insert([aJob()], client)).rejects.toMatchObject(refused)
    await expect(store.insert([aJob()], pool)).rejects.toMatchObject(refused)
    await expect(store.commit([], {})).rejects.toMatchObject(refused)
    expect((await store.count({})).states.waiting).toBe(0)
  })
})

async function setup() {
  const database = aDatabase()
  databases.push(database)
  const store = await database.store({ listen: false })
  const client = await database.pool.connect()
  database.onCleanup(() => client.release())
  const table = database.table('orders')
  await client.query(`create table ${table} (id text)`)
  const ids = async () => (await database.pool.query(`select id from ${table}`)).rows.map(({ id }) => id)
  return { ...database, client, store, orders: { table, ids } }
}
