import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { memoryWorkizStore } from '../src/memory-workiz-store.js'
import { sqliteWorkizStore } from '../src/sqlite-workiz-store.js'
import type { WorkizEntry } from '../src/store.js'

const stores = {
  memory: () => memoryWorkizStore(),
  sqlite: () => sqliteWorkizStore(new Database(':memory:')),
}
const noon = { fetchedAt: '2026-01-15T12:00:00.000Z' }
const later = { fetchedAt: '2026-01-15T13:00:00.000Z' }

function entry(uuid: string, hash = 'a', jobDateTime: string | null = null): WorkizEntry {
  return { uuid, hash, jobDateTime, job: { UUID: uuid, Status: hash } }
}

describe.each(Object.entries(stores))('the %s store', (_, make) => {
  async function filled() {
    const store = make()
    await store.upsertMany(
      't',
      'A',
      [entry('W3'), entry('W1', 'a', '2026-01-01T00:00:00.000Z'), entry('W2')],
      noon,
    )
    return store
  }

  test('scans in the order of the UUIDs, behind the one that it is given', async () => {
    const store = await filled()
    const first = await store.scan('t', 'A', null, 2)
    expect(first).toEqual([
      { uuid: 'W1', hash: 'a', jobDateTime: '2026-01-01T00:00:00.000Z', ...noon },
      { uuid: 'W2', hash: 'a', jobDateTime: null, ...noon },
    ])
    expect(await store.scan('t', 'A', 'W2', 2)).toMatchObject([{ uuid: 'W3' }])
    expect(await store.scan('t', 'A', 'W3', 2)).toEqual([])
  })

  test('goes on behind a row that was deleted meanwhile', async () => {
    const store = await filled()
    await store.deleteMany('t', 'A', ['W1'], 'gone')
    expect(await store.scan('t', 'A', 'W1', 5)).toMatchObject([{ uuid: 'W2' }, { uuid: 'W3' }])
  })

  test('counts what an upsert inserts, updates and leaves, each UUID once', async () => {
    const store = await filled()
    const entries = [entry('W1'), entry('W2', 'b'), entry('W4'), entry('W4')]
    expect(await store.upsertMany('t', 'A', entries, later)).toEqual({
      inserted: 1,
      updated: 1,
      unchanged: 1,
    })
    expect(await store.upsertMany('t', 'A', entries, later)).toEqual({
      inserted: 0,
      updated: 0,
      unchanged: 3,
    })
  })

  test.each([
    ['inserted', 'W4', 'a'],
    ['updated', 'W2', 'b'],
    ['unchanged', 'W1', 'a'],
  ] as const)('answers a repeat by the same run as the first time: %s', async (outcome, uuid, hash) => {
    const store = await filled()
    const upsert = (run?: string) => store.upsertMany('t', 'A', [entry(uuid, hash)], { ...later, run })
    const expected = { inserted: 0, updated: 0, unchanged: 0, [outcome]: 1 }

    expect(await upsert('one')).toEqual(expected)
    expect(await upsert('one')).toEqual(expected)
    expect(await upsert('two')).toEqual({ inserted: 0, updated: 0, unchanged: 1 })
    expect(await upsert()).toEqual({ inserted: 0, updated: 0, unchanged: 1 })
  })

  test.each([
    ['inserted', 'W4', 'a'],
    ['updated', 'W2', 'b'],
    ['updated', 'W1', 'a'],
  ] as const)(
    'answers for all that a run did, when a row changed again before the repeat: %s',
    async (outcome, uuid, hash) => {
      const store = await filled()
      const meta = { ...later, run: 'one' }
      await store.upsertMany('t', 'A', [entry(uuid, hash)], meta)
      expect(await store.upsertMany('t', 'A', [entry(uuid, 'c')], meta)).toMatchObject({ [outcome]: 1 })
      expect(await store.scan('t', 'A', null, 9)).toContainEqual({
        uuid,
        hash: 'c',
        jobDateTime: null,
        ...later,
      })
    },
  )

  test('takes a row that was deleted since for a new one', async () => {
    const store = await filled()
    const meta = { ...later, run: 'one' }
    await store.upsertMany('t', 'A', [entry('W1', 'b')], meta)
    await store.deleteMany('t', 'A', ['W1'], 'gone')
    expect(await store.upsertMany('t', 'A', [entry('W1', 'b')], meta)).toMatchObject({ inserted: 1 })
  })

  test('notes of an unchanged row that it was fetched', async () => {
    const store = await filled()
    await store.upsertMany('t', 'A', [entry('W1')], later)
    expect((await store.scan('t', 'A', null, 9)).map(row => row.fetchedAt)).toEqual([
      later.fetchedAt,
      noon.fetchedAt,
      noon.fetchedAt,
    ])
  })

  test('deletes what is there, and says how many that were', async () => {
    const store = await filled()
    expect(await store.deleteMany('t', 'A', ['W1', 'W2', 'W9'], 'gone')).toBe(2)
    expect(await store.deleteMany('t', 'A', ['W1', 'W2', 'W9'], 'gone')).toBe(0)
    expect(await store.count('t', 'A')).toBe(1)
  })

  test('keeps tenants and accounts apart', async () => {
    const store = await filled()
    await store.upsertMany('t', 'B', [entry('W1', 'b')], noon)
    await store.upsertMany('u', 'A', [entry('W1', 'c')], noon)
    await store.deleteMany('t', 'B', ['W1'], 'gone')

    expect(await Promise.all([store.count('t', 'A'), store.count('t', 'B'), store.count('u', 'A')])).toEqual([
      3, 0, 1,
    ])
    expect(await store.scan('u', 'A', null, 9)).toMatchObject([{ hash: 'c' }])
  })

  test('takes nothing as nothing', async () => {
    const store = make()
    expect(await store.upsertMany('t', 'A', [], noon)).toEqual({ inserted: 0, updated: 0, unchanged: 0 })
    expect(await store.deleteMany('t', 'A', [], 'retention')).toBe(0)
    expect(await store.scan('t', 'A', null, 9)).toEqual([])
  })
})

describe('the sqlite store', () => {
  test('keeps the job as it came', async () => {
    const client = new Database(':memory:')
    const job = { UUID: 'W1', Name: 'Zoë “x”', Price: 0.1, Large: 1e21, Unit: null, Team: [{ id: 1 }] }
    await sqliteWorkizStore(client).upsertMany('t', 'A', [{ ...entry('W1'), job }], noon)
    const row = client.prepare('select job from workiz_jobs').get() as { job: string }
    expect(JSON.parse(row.job)).toEqual(job)
  })

  test('takes thousands of rows in one call', async () => {
    const store = sqliteWorkizStore(new Database(':memory:'))
    const entries = Array.from({ length: 40_000 }, (_, index) => entry(`W${index}`))
    expect(await store.upsertMany('t', 'A', entries, noon)).toMatchObject({ inserted: 40_000 })
    expect(
      await store.deleteMany(
        't',
        'A',
        entries.map(({ uuid }) => uuid),
        'gone',
      ),
    ).toBe(40_000)
  })

  test('uses the table that it is told, and refuses what is no name', async () => {
    const client = new Database(':memory:')
    await sqliteWorkizStore(client, { table: 'my_jobs' }).upsertMany('t', 'A', [entry('W1')], noon)
    expect(client.prepare('select count(*) as rows from my_jobs').get()).toEqual({ rows: 1 })
    expect(() => sqliteWorkizStore(client, { table: 'x; drop table y' })).toThrow(TypeError)
  })

  test('gives a table of an earlier version what it lacks, and keeps its rows', async () => {
    const client = new Database(':memory:')
    client.exec(`
      create table workiz_jobs (
        tenant text not null, account text not null, uuid text not null,
        hash text not null, job_date_time text, fetched_at text not null, job text not null,
        primary key (tenant, account, uuid)
      ) without rowid;
      insert into workiz_jobs values ('t', 'A', 'W1', 'a', null, '2026-01-15T12:00:00.000Z', '{}')`)
    const store = sqliteWorkizStore(client)

    expect(await store.scan('t', 'A', null, 9)).toEqual([
      { uuid: 'W1', hash: 'a', jobDateTime: null, ...noon },
    ])
    for (const _ of ['first', 'repeat'])
      expect(await store.upsertMany('t', 'A', [entry('W1', 'b')], { ...later, run: 'one' })).toMatchObject({
        updated: 1,
      })
  })

  test('may be opened again over its own table', async () => {
    const client = new Database(':memory:')
    await sqliteWorkizStore(client).upsertMany('t', 'A', [entry('W1')], noon)
    expect(await sqliteWorkizStore(client).count('t', 'A')).toBe(1)
  })
})
