import type { Job, NewJob } from '@longhaul/core/store'
import { sqliteStore } from '@longhaul/sqlite'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { aJob, upTo } from './support.js'

const waiting = (id: string, ids: readonly string[]): NewJob =>
  aJob({ id, after: { ids, outcome: 'succeeded' } })

const ends = ({ id, token }: Pick<Job, 'id' | 'token'>, state: 'completed' | 'failed') => ({
  id,
  token,
  seq: 1,
  patch: { state },
})

async function setup() {
  const client = new Database(':memory:')
  const store = sqliteStore(client)
  await store.open()
  return { client, store }
}

test('a job that waits is stored with the transaction of the app, at once', async () => {
  const { client, store } = await setup()
  await store.insert([aJob({ id: 'a' })])
  const failing = client.transaction(() => {
    void store.insert([waiting('gone', ['a'])], client)
    throw new Error('out of stock')
  })
  expect(failing).toThrow('out of stock')
  expect(await store.get('gone')).toBeUndefined()

  client.transaction(() => void store.insert([waiting('b', ['a'])], client))()
  expect(await store.get('b')).toMatchObject({ state: 'blocked', waitsFor: 1 })
})

test('a job that waits for an unknown one ends the transaction of the app', async () => {
  const { client, store } = await setup()
  const failing = client.transaction(() => {
    void store.insert([aJob({ id: 'a' })], client)
    void store.insert([waiting('b', ['nobody'])], client)
  })
  expect(failing).toThrow('can\'t wait for job "nobody"')
  expect(await store.get('a')).toBeUndefined()
})

test('a commit in the transaction of the app releases with it', async () => {
  const { client, store } = await setup()
  await store.insert([aJob({ id: 'a' }), waiting('b', ['a'])])
  const [job] = await store.claim(upTo(1))
  const undone = client.transaction(() => {
    void store.commit([ends(job as Job, 'completed')], client)
    throw new Error('no')
  })
  expect(undone).toThrow('no')
  expect(await store.get('b')).toMatchObject({ state: 'blocked', waitsFor: 1 })

  client.transaction(() => void store.commit([ends(job as Job, 'completed')], client))()
  expect(await store.get('b')).toMatchObject({ state: 'waiting', waitsFor: 0 })
})

test('a chain of ten thousand that waits in vain is cancelled in one step', async () => {
  const { client, store } = await setup()
  const chain = Array.from({ length: 10_000 }, (_, index) => waiting(`${index + 1}`, [`${index}`]))
  await store.insert([aJob({ id: '0' }), ...chain])
  const [job] = await store.claim(upTo(1))
  await store.commit([ends(job as Job, 'failed')])
  expect((await store.count({})).states).toMatchObject({ failed: 1, cancelled: 10_000 })
  client.close()
})

test('edges go with the last job that has them', async () => {
  const { client, store } = await setup()
  const edges = () => client.prepare('select count(*) as edges from longhaul_edges').get()
  await store.insert([aJob({ id: 'a' }), waiting('b', ['a']), waiting('c', ['a'])])
  expect(edges()).toEqual({ edges: 2 })
  const [job] = await store.claim(upTo(1))
  await store.commit([ends(job as Job, 'failed')])
  expect(edges(), 'for a retry').toEqual({ edges: 2 })
  while ((await store.prune({ states: ['failed', 'cancelled'], olderThanMs: 0, limit: 10 })) > 0);
  expect(edges()).toEqual({ edges: 0 })
  expect(await store.get('a')).toBeUndefined()
})
