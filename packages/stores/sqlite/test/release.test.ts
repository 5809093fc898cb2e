import { sqliteStore } from '@longhaul/sqlite'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { aJob, temporaryFile, upTo } from './support.js'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

test('a job that waits is stored in the transaction of the app, before `insert` returns', async () => {
  const { client, other, store } = await setup()
  client.transaction(() => {
    void store.insert([aJob({ id: 'b', after: { ids: ['a'], outcome: 'ended' } })], client)
    expect(client.prepare("select state from longhaul_jobs where id = 'b'").pluck().get()).toBe('blocked')
  })()
  expect(await other.get('b')).toMatchObject({ state: 'blocked', waitsFor: 1 })
})

test('a job that would wait for an unknown one ends the transaction of the app', async () => {
  const { client, store } = await setup()
  const failing = client.transaction(() => {
    void store.insert(
      [aJob({ id: 'x' }), aJob({ id: 'b', after: { ids: ['nobody'], outcome: 'ended' } })],
      client,
    )
  })
  expect(failing).toThrow(expect.objectContaining({ code: 'unknown_job', retryable: false }))
  expect(await store.get('x')).toBeUndefined()
})

test('a transaction of the app that is rolled back takes its release with it', async () => {
  const { client, held, store } = await setup()
  await store.insert([aJob({ id: 'b', after: { ids: ['a'], outcome: 'succeeded' } })])
  const write = { id: 'a', token: held.token, seq: 1, patch: { state: 'completed' } } as const
  const failing = client.transaction(() => {
    void store.commit([write], client)
    throw new Error('no luck')
  })
  expect(failing).toThrow('no luck')
  expect(await store.get('b')).toMatchObject({ state: 'blocked', waitsFor: 1 })

  client.transaction(() => void store.commit([write], client))()
  expect(await store.get('b')).toMatchObject({ state: 'waiting', waitsFor: 0 })
})

test('an end that another connection commits while a job is being stored that waits for it releases that', async () => {
  const { client, held, other, store } = await setup()
  client.exec('begin')
  void store.insert([aJob({ id: 'b', after: { ids: ['a'], outcome: 'succeeded' } })], client)
  const ended = other.commit([{ id: 'a', token: held.token, seq: 1, patch: { state: 'completed' } }])
  await new Promise(resolve => setImmediate(resolve))
  client.exec('commit')

  expect(await ended).toMatchObject([{ accepted: true }])
  expect(await store.get('b')).toMatchObject({ state: 'waiting', waitsFor: 0 })
})

test('a job is not blocked by one whose end another connection is just about to commit', async () => {
  const { client, held, other, store } = await setup()
  client.exec('begin')
  void store.commit([{ id: 'a', token: held.token, seq: 1, patch: { state: 'completed' } }], client)
  const inserted = other.insert([aJob({ id: 'b', after: { ids: ['a'], outcome: 'succeeded' } })])
  await new Promise(resolve => setImmediate(resolve))
  client.exec('commit')

  expect(await inserted).toMatchObject([{ state: 'waiting', waitsFor: 0 }])
})

test('a wish that another connection carries out beside the insert of one that waits releases or cancels it', async () => {
  const { client, other, store } = await setup()
  await store.insert([aJob({ id: 'base' })])
  client.exec('begin')
  for (const outcome of ['succeeded', 'ended'] as const)
    void store.insert([aJob({ id: outcome, after: { ids: ['base'], outcome } })], client)
  const cancelled = other.request({ kind: 'cancel' }, { ids: ['base'] })
  await new Promise(resolve => setImmediate(resolve))
  client.exec('commit')

  expect(await cancelled).toBe(1)
  expect(await store.get('succeeded')).toMatchObject({ state: 'cancelled', waitsFor: 1 })
  expect(await store.get('ended')).toMatchObject({ state: 'waiting', waitsFor: 0 })
})

test('a release that makes a job due is heard on another connection', async () => {
  const { held, other, store } = await setup()
  await store.insert([aJob({ id: 'b', after: { ids: ['a'], outcome: 'succeeded' } })])
  const woken = new Promise<void>(resolve => {
    void other.listen?.(resolve)
  })
  await store.commit([{ id: 'a', token: held.token, seq: 1, patch: { state: 'completed' } }])
  await woken
  expect(await other.claim(upTo(1))).toMatchObject([{ id: 'b' }])
})

test('a chain of ten thousand that waits in vain is cancelled in one step', async () => {
  const { held, store } = await setup()
  const before = (index: number) => (index === 0 ? 'a' : `${index - 1}`)
  const chain = Array.from({ length: 10_000 }, (_, index) =>
    aJob({ id: `${index}`, after: { ids: [before(index)], outcome: 'succeeded' } }),
  )
  await store.insert(chain)
  await store.commit([{ id: 'a', token: held.token, seq: 1, patch: { state: 'failed' } }])
  expect((await store.count({})).states).toMatchObject({ failed: 1, cancelled: 10_000 })
})

test('edges go with the last job that has them', async () => {
  const { client, held, store } = await setup()
  const edges = () => client.prepare('select count(*) from longhaul_edges').pluck().get()
  await store.insert(['b', 'c'].map(id => aJob({ id, after: { ids: ['a'], outcome: 'succeeded' } })))
  expect(edges()).toBe(2)
  await store.commit([{ id: 'a', token: held.token, seq: 1, patch: { state: 'failed' } }])
  expect(edges(), 'for a retry').toBe(2)
  while ((await store.prune({ states: ['failed', 'cancelled'], olderThanMs: 0, limit: 10 })) > 0);
  expect(edges()).toBe(0)
  expect(await store.get('a')).toBeUndefined()
})

/** Two connections, and a held job `a`. */
async function setup() {
  const { file, remove } = temporaryFile()
  const client = new Database(file)
  const [store, other] = [sqliteStore(client), sqliteStore(file)]
  for (const each of [store, other]) await each.open()
  cleanups.push(
    remove,
    () => client.close(),
    () => store.close(),
    () => other.close(),
  )
  await store.insert([aJob({ id: 'a' })])
  const [held] = await store.claim(upTo(1))
  if (!held) throw new Error('nothing was claimed')
  return { client, held, other, store }
}
