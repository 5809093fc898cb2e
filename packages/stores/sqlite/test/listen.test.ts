import { rmSync, writeFileSync } from 'node:fs'
import { fakeClock } from '@longhaul/core/testing'
import { sqliteStore } from '@longhaul/sqlite'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { watchFile } from '../src/file-watch.js'
import { listenTo } from '../src/listen.js'
import type { Sql } from '../src/sql.js'
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

test('an insert by another connection wakes as soon as the file system tells of it', async () => {
  const { clock, other, whenWoken } = await setup()
  await clock.advance(60_000)
  const before = clock.now()
  await other.insert([aJob()])
  await whenWoken()
  expect(clock.now()).toBe(before)
})

test('many writes of others wake once in a while, not each time', async () => {
  const { clock, other, wakes } = await setup()
  await clock.advance(60_000)
  for (let write = 0; write < 100; write++) await other.insert([aJob()])
  await clock.advance(9)
  expect(wakes()).toBeLessThan(3)
  await clock.advance(20)
  expect(wakes()).toBeGreaterThan(0)
})

test('its own writes do not wake it over and over, even while a job is due that it does not work on', async () => {
  const { clock, store, wakes } = await setup()
  await store.insert([aJob({ processor: 'of someone else' })])
  await clock.advance(1_000)
  const before = wakes()
  await clock.advance(60_000)
  expect(wakes()).toBe(before)
})

test('where no file tells of writes, they are looked for every `listenEveryMs`', async () => {
  const { clock, write, wakes } = await bare([])
  await clock.advance(60_000)
  write()
  await clock.advance(50)
  expect(wakes()).toBe(1)
})

test('a file that tells nothing of the writes is not trusted with the next ones', async () => {
  const { file, remove } = temporaryFile()
  cleanups.push(remove)
  writeFileSync(file, '')
  const { clock, write, wakes } = await bare([file])
  await clock.advance(60_000)
  write()
  await clock.advance(10_000)
  expect(wakes()).toBe(1)

  await clock.advance(60_000)
  write()
  await clock.advance(50)
  expect(wakes()).toBe(2)
})

test('a file that was replaced is watched anew', async () => {
  const { file, remove } = temporaryFile()
  cleanups.push(remove)
  writeFileSync(file, '')
  let heard = () => {}
  const watch = watchFile([file], () => heard())
  cleanups.push(() => watch.stop())
  expect(watch.isOn()).toBe(true)

  const lost = new Promise<void>(resolve => (heard = resolve))
  rmSync(file)
  await lost
  writeFileSync(file, '')
  expect(watch.isOn()).toBe(true)
  const written = new Promise<void>(resolve => (heard = resolve))
  writeFileSync(file, 'more')
  await written
})

test('a file that is not there is no failure, and is watched once it comes', () => {
  const { file, remove } = temporaryFile()
  cleanups.push(remove)
  const watch = watchFile([file], () => {})
  expect(watch.isOn()).toBe(false)
  writeFileSync(file, '')
  expect(watch.isOn()).toBe(true)
  watch.stop()
  expect(watch.isOn(), 'stopped for good').toBe(false)
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

  const { wake, ...counted } = counting()
  const stop = await store.listen?.(wake)
  return { client, clock, other, store, stop: async () => stop?.(), ...counted }
}

/** A listener without a store: what was written is what the test says, and a job is always due. */
async function bare(files: string[]) {
  const clock = fakeClock()
  let writes = 0
  const sql = { now: clock.now, get: () => ({}) } as unknown as Sql
  const { wake, ...counted } = counting()
  const listener = listenTo({ sql, files, writesSoFar: () => `${writes}` }, wake, {
    clock,
    listenEveryMs: 50,
  })
  cleanups.push(() => listener.stop())
  return { clock, write: () => void writes++, ...counted }
}

function counting() {
  let count = 0
  let next = () => {}
  const woken = new Promise<void>(resolve => {
    next = resolve
  })
  return {
    wakes: () => count,
    whenWoken: () => woken,
    wake() {
      count++
      next()
    },
  }
}
