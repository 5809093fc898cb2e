import { sqliteStore } from '@longhaul/sqlite'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { aJob, temporaryFile, upTo } from './support.js'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

test('an insert inside a transaction of the app is kept with it', async () => {
  const { client, store } = await setup()
  client.transaction(() => {
    client.exec("insert into orders values ('o1')")
    void store.insert([aJob({ id: 'a' })], client)
  })()

  expect(await store.get('a')).toMatchObject({ state: 'waiting' })
  expect(ordersIn(client)).toEqual(['o1'])
})

test('an insert inside a transaction of the app goes when that is rolled back', async () => {
  const { client, store } = await setup()
  const failing = client.transaction(() => {
    client.exec("insert into orders values ('o1')")
    void store.insert([aJob({ id: 'a' })], client)
    throw new Error('out of stock')
  })

  expect(failing).toThrow('out of stock')
  expect(await store.get('a')).toBeUndefined()
  expect(ordersIn(client)).toEqual([])
})

test('an insert that fails throws at once, and so ends the transaction of the app', async () => {
  const { client, store } = await setup()
  const failing = client.transaction(() => {
    client.exec("insert into orders values ('o1')")
    void store.insert([aJob({ id: 'a' }), aJob({ priority: Number.NaN })], client)
  })

  expect(failing).toThrow(expect.objectContaining({ code: 'store_failed' }))
  expect(await store.get('a')).toBeUndefined()
  expect(ordersIn(client)).toEqual([])
})

test('a caught failure takes back only what the store did', async () => {
  const { client, store } = await setup()
  client.transaction(() => {
    client.exec("insert into orders values ('o1')")
    expect(() => store.insert([aJob({ id: 'a' }), aJob({ priority: Number.NaN })], client)).toThrow()
  })()

  expect(await store.get('a')).toBeUndefined()
  expect(ordersIn(client)).toEqual(['o1'])
})

test('a checkpoint and the effects of its items are one transaction', async () => {
  const { client, store } = await setup()
  await store.insert([aJob({ id: 'a' })])
  const [job] = await store.claim(upTo(1))
  const token = job?.token ?? 0
  const checkpoint = (cursor: string, seq: number, fail: boolean) =>
    client.transaction(() => {
      client.prepare('insert into orders values (?)').run(cursor)
      void store.commit([{ id: 'a', token, seq, patch: { cursor } }], client)
      if (fail) throw new Error('no luck')
    })

  checkpoint('c1', 1, false)()
  expect(checkpoint('c2', 2, true)).toThrow('no luck')

  expect(await store.get('a')).toMatchObject({ cursor: 'c1', state: 'running' })
  expect(ordersIn(client)).toEqual(['c1'])
})

test('only an open transaction on the very connection of the store can be joined', async () => {
  const { client, file, store } = await setup()
  const other = new Database(file)
  cleanups.push(() => other.close())
  other.exec('begin')
  const refused = { code: 'invalid_transaction', retryable: false }

  await expect(store.insert([aJob()], client), 'no transaction').rejects.toMatchObject(refused)
  await expect(store.insert([aJob()], other), 'another connection').rejects.toMatchObject(refused)
  await expect(store.commit([], {}), 'something else').rejects.toMatchObject(refused)
  expect((await store.count({})).states.waiting).toBe(0)
})

test('a call without `via` waits until the transaction of the app has ended', async () => {
  const { client, store } = await setup()
  client.exec('begin')
  const inserted = store.insert([aJob({ id: 'a' })])
  await new Promise(resolve => setImmediate(resolve))
  client.exec('rollback')

  await inserted
  expect(await store.get('a')).toMatchObject({ state: 'waiting' })
})

test('the wait for a lock that the app has set for its connection is given back to it', async () => {
  const { client, store } = await setup()
  client.pragma('busy_timeout = 1234')
  await store.insert([aJob()])
  expect(client.pragma('busy_timeout', { simple: true })).toBe(1234)
})

test('closing the store leaves the connection of the app open', async () => {
  const { client, store } = await setup()
  await store.close()
  expect(client.open).toBe(true)
  await expect(store.get('a')).rejects.toMatchObject({ code: 'store_closed' })
})

async function setup() {
  const { file, remove } = temporaryFile()
  const client = new Database(file)
  client.exec('create table orders (id text)')
  const store = sqliteStore(client)
  await store.open()
  cleanups.push(
    remove,
    () => client.close(),
    () => store.close(),
  )
  return { client, file, store }
}

function ordersIn(client: Database.Database) {
  return client.prepare('select id from orders').pluck().all()
}
