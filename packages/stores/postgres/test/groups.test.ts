import { afterEach, describe, expect, test } from 'vitest'
import { aDatabase, aJob, noServer, rowsRead, someJobs } from './support.js'

const databases: ReturnType<typeof aDatabase>[] = []
afterEach(async () => {
  for (const database of databases.splice(0)) await database.cleanup()
})

describe.skipIf(noServer)('a group', () => {
  test('is listed, counted and moved without a look at the jobs of others', async () => {
    const { pool, store, table } = await setup()
    await store.insert(someJobs(3_000))
    await store.insert(Array.from({ length: 3_000 }, (_, at) => aJob({ group: `other ${at % 10}` })))
    await store.insert(Array.from({ length: 5 }, () => aJob({ group: 'g' })))
    await pool.query(`vacuum analyze ${table('jobs')}`)

    const before = await rowsRead(pool, table('jobs'))
    expect((await store.list({ group: 'g' }, { limit: 10 })).jobs).toHaveLength(5)
    expect((await store.count({ group: 'g' })).states.waiting).toBe(5)
    expect(await store.request({ kind: 'move', queue: 'q', priority: 7 }, { group: 'g' })).toBe(5)
    expect((await rowsRead(pool, table('jobs'))) - before).toBeLessThan(100)
  })

  test('is moved whole, however many chunks that takes', async () => {
    const { store } = await setup()
    await store.insert(Array.from({ length: 2_500 }, () => aJob({ group: 'g' })))
    expect(await store.request({ kind: 'move', queue: 'q' }, { group: 'g' })).toBe(2_500)
    expect((await store.count({ queues: ['q'] })).states.waiting).toBe(2_500)
    expect(await store.request({ kind: 'move', queue: 'q' }, { group: 'g' })).toBe(0)
  })
})

async function setup() {
  const database = aDatabase()
  databases.push(database)
  return { ...database, store: await database.store({ listen: false }) }
}
