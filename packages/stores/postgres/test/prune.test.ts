import { afterEach, describe, expect, test } from 'vitest'
import { aDatabase, aJob, noServer, upTo } from './support.js'

const databases: ReturnType<typeof aDatabase>[] = []
afterEach(async () => {
  for (const database of databases.splice(0)) await database.cleanup()
})

const everyEnded = { states: ['completed'], olderThanMs: 0, limit: 10_000 } as const

describe.skipIf(noServer)('pruning', () => {
  test('deletes a job with more records than one transaction deletes, and leaves those of others', async () => {
    const { store, rows } = await setup()
    await store.insert([aJob({ id: 'a' }), aJob({ id: 'b' })])
    await store.claim(upTo(2))
    await store.commit([
      { id: 'a', token: 1, seq: 1, patch: { state: 'completed' }, items: items(12_000), logs: lines(6_000) },
      { id: 'b', token: 1, seq: 1, patch: {}, items: items(4) },
    ])
    expect(await rows()).toEqual({ jobs: 2, items: 12_004, logs: 6_000, removed: 0 })

    expect(await store.prune(everyEnded)).toBe(1)
    expect(await rows()).toEqual({ jobs: 1, items: 4, logs: 0, removed: 0 })
  })

  test('deletes what a process left when it died between jobs and records', async () => {
    const { pool, store, rows, table } = await setup()
    await store.insert([aJob({ id: 'a' })])
    await store.claim(upTo(1))
    await store.commit([{ id: 'a', token: 1, seq: 1, patch: { state: 'completed' }, items: items(3) }])
    await pool.query(`with gone as (delete from ${table('jobs')} returning seq)
      insert into ${table('removed')} select seq from gone`)

    expect(await store.prune(everyEnded)).toBe(0)
    expect(await rows()).toEqual({ jobs: 0, items: 0, logs: 0, removed: 0 })
  })
})

function items(count: number) {
  return Array.from({ length: count }, (_, index) => {
    return { key: `${index}`, outcome: 'completed', value: null, error: null } as const
  })
}

function lines(count: number) {
  return Array.from({ length: count }, (_, index) => ({ level: 'info', message: `${index}` }) as const)
}

async function setup() {
  const database = aDatabase()
  databases.push(database)
  const { pool, table } = database
  const countOf = async (name: string) => {
    const { rows } = await pool.query(`select count(*)::integer as rows from ${table(name)}`)
    return [name, rows[0].rows] as const
  }
  const rows = async () =>
    Object.fromEntries(await Promise.all(['jobs', 'items', 'logs', 'removed'].map(countOf)))
  return { ...database, rows, store: await database.store({ listen: false }) }
}
