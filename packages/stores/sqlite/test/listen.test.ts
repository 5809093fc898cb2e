import { fakeClock } from '@longhaul/core/testing'
import { sqliteStore } from '@longhaul/sqlite'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { aJob, temporaryFile, upTo } from './support.js'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

test('an insert by the store itself wakes at once', async () => {
  const { store, wakes } = await setup()
  await store.insert([aJob()])
  await null
  expect(wakes()).toBe(1)
})

test('an insert by another connection wakes at the next look', async () => {
  const { clock, other, wakes } = await setup()
  await other.insert([aJob()])
  expect(wakes()).toBe(0)
  await clock.advance(50)
  expect(wakes()).toBe(1)
})

test('an insert in a transaction of the app wakes once that is committed', async () => {
  const { client, clock, store, wakes } = await setup()
  client.transaction(() => void store.insert([aJob()], client))()
  await clock.advance(50)
  expect(wakes()).toBe(1)
})

test('a write after which nothing is due wakes no one', async () => {
  const { clock, other, store, wakes } = await setup()
  await store.insert([aJob({ delayMs: 60_000 })])
  await other.swap('gate', { id: '1', version: 0, value: 'open' })
  await clock.advance(1_000)
  expect(wakes()).toBe(0)
})

test('a job due under any priority and processor is found', async () => {
  const { clock, other, wakes } = await setup()
  await other.insert([aJob({ priority: 9, delayMs: 60_000 }), aJob({ processor: 'z', delayMs: 60_000 })])
  await other.insert([aJob({ processor: 'z', priority: -9 })])
  await clock.advance(50)
  expect(wakes()).toBe(1)
})

test('a listener that throws disturbs nobody', async () => {
  const { clock, other, store, wakes } = await setup()
  await store.listen?.(() => {
    throw new Error('no luck')
  })
  await other.insert([aJob()])
  await clock.advance(50)
  expect(wakes()).toBe(1)
})

test('a stopped listener hears nothing more', async () => {
  const { clock, stop, store, wakes } = await setup()
  await stop()
  await store.insert([aJob()])
  await clock.advance(1_000)
  expect(wakes()).toBe(0)
})

test('idle looks neither write nor claim', async () => {
  const { client, clock, store } = await setup()
  const before = client.prepare('select total_changes()').pluck().get()
  await clock.advance(1_000)
  expect(await store.claim(upTo(1))).toEqual([])
  expect(client.prepare('select total_changes()').pluck().get()).toBe(before)
})

async function setup() {
  const { file, remove } = temporaryFile()
  const clock = fakeClock()
  const client = new Database(file)
  const store = sqliteStore(client, { clock })
  const other = sqliteStore(file, { clock })
  await store.open()
  await other.open()
  cleanups.push(
    remove,
    () => client.close(),
    () => store.close(),
    () => other.close(),
  )

  let count = 0
  const stop = await store.listen?.(() => void count++)
  return { client, clock, other, store, stop: async () => stop?.(), wakes: () => count }
}
