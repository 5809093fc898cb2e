import { fakeClock } from '@longhaul/core/testing'
import { sqliteStore } from '@longhaul/sqlite'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { aJob, upTo } from './support.js'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const everyEnded = { states: ['completed'], olderThanMs: 0, limit: 10_000 } as const

test('a job with more records than one transaction deletes goes with all of them', async () => {
  const { store, rows } = await setup()
  await complete(store, { items: 12_000, logs: 6_000 })
  expect(rows()).toEqual({ jobs: 1, items: 12_000, logs: 6_000, tags: 1, removed: 0 })

  expect(await store.prune(everyEnded)).toBe(1)
  expect(rows()).toEqual({ jobs: 0, items: 0, logs: 0, tags: 0, removed: 0 })
})

test('the records of a job that stays are left alone', async () => {
  const { store, rows } = await setup()
  await complete(store, { items: 3, logs: 2 })
  await store.insert([aJob({ id: 'stays' })])
  const [job] = await store.claim(upTo(1))
  await store.commit([{ id: 'stays', token: job?.token ?? 0, seq: 1, patch: {}, items: someItems(4) }])

  await store.prune(everyEnded)
  expect(rows()).toEqual({ jobs: 1, items: 4, logs: 0, tags: 0, removed: 0 })
})

test('what a process left when it died between jobs and records goes with the next prune', async () => {
  const { client, store, rows } = await setup()
  await complete(store, { items: 3, logs: 2 })
  client.exec('insert into longhaul_removed select seq from longhaul_jobs; delete from longhaul_jobs')

  expect((await store.records('a', 'items', { limit: 10 })).records).toEqual([])
  expect(await store.prune(everyEnded)).toBe(0)
  expect(rows()).toMatchObject({ items: 0, logs: 0, removed: 0 })
})

test('more jobs than one transaction deletes are pruned up to the limit', async () => {
  const { store } = await setup()
  await store.insert(Array.from({ length: 2_500 }, () => aJob()))
  await store.request({ kind: 'cancel' }, {})
  const cancelled = { states: ['cancelled'], olderThanMs: 0 } as const

  expect(await store.prune({ ...cancelled, limit: 2_100 })).toBe(2_100)
  expect(await store.prune({ ...cancelled, limit: 2_100 })).toBe(400)
})

async function setup() {
  const client = new Database(':memory:')
  const store = sqliteStore(client, { clock: fakeClock() })
  await store.open()
  cleanups.push(() => client.close())
  const countOf = (table: string) => client.prepare(`select count(*) from longhaul_${table}`).pluck().get()
  const tables = ['jobs', 'items', 'logs', 'tags', 'removed']
  return { client, store, rows: () => Object.fromEntries(tables.map(table => [table, countOf(table)])) }
}

async function complete(
  store: ReturnType<typeof sqliteStore>,
  { items, logs }: { items: number; logs: number },
) {
  await store.insert([aJob({ id: 'a', tags: ['t'] })])
  const [job] = await store.claim(upTo(1))
  const records = { items: someItems(items), logs: someLines(logs) }
  await store.commit([{ id: 'a', token: job?.token ?? 0, seq: 1, patch: { state: 'completed' }, ...records }])
}

function someItems(count: number) {
  return Array.from({ length: count }, (_, index) => {
    return { key: `${index}`, outcome: 'completed', value: null, error: null } as const
  })
}

function someLines(count: number) {
  return Array.from({ length: count }, (_, index) => ({ level: 'info', message: `${index}` }) as const)
}
