import { sqliteStore } from '@longhaul/sqlite'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { aJob, upTo } from './support.js'

test('no statement of a worker walks through a table', async () => {
  const client = new Database(':memory:')
  const { statements, watched } = watch(client)
  const store = sqliteStore(watched)
  await store.open()
  statements.clear()

  await store.insert([aJob({ id: 'a', key: 'k', lane: 'l' }), aJob({ key: 'k' })])
  const [job] = await store.claim(upTo(1, { queues: ['default'] }))
  const records = {
    items: [{ key: 'i', outcome: 'failed', value: null, error: null }],
    logs: [{ level: 'info', message: 'm' }],
  } as const
  await store.commit([{ id: 'a', token: job?.token ?? 0, seq: 1, patch: { state: 'failed' }, ...records }])
  await store.records('a', 'items', { limit: 1 })
  await store.count({ states: ['waiting', 'running'] })
  await store.list({ ids: ['a'] }, { limit: 1 })
  await store.list({ tag: 't' }, { limit: 1 })
  await store.swap('cell', { id: '1', version: 0, value: null })
  const stop = await store.listen?.(() => {})
  await store.insert([aJob()])
  await store.prune({ states: ['failed'], olderThanMs: 0, limit: 1 })
  await stop?.()

  expect(statements.size).toBeGreaterThan(15)
  expect([...statements].flatMap(sql => walksOf(client, sql))).toEqual([])
  client.close()
})

/** What a statement reads from end to end without an index, other than its own values and the jobs to sweep. */
function walksOf(client: Database.Database, sql: string) {
  const values = Object.fromEntries([...sql.matchAll(/@(\w+)/g)].map(([, name]) => [name, null]))
  const steps = client.prepare(`explain query plan ${sql}`).all(values) as { detail: string }[]
  const isWalk = /^SCAN (?!json_each|wanted|line|pragma_|longhaul_removed|CONSTANT|\(subquery)(?!.*INDEX)/
  return steps.filter(({ detail }) => isWalk.test(detail)).map(({ detail }) => `${detail}: ${sql}`)
}

/** The client, and every statement on the jobs that it prepares from now on. */
function watch(client: Database.Database) {
  const statements = new Set<string>()
  const watched = {
    get open() {
      return client.open
    },
    get inTransaction() {
      return client.inTransaction
    },
    exec: (sql: string) => client.exec(sql),
    close: () => client.close(),
    prepare(sql: string) {
      if (sql.includes('longhaul_')) statements.add(sql)
      return client.prepare(sql)
    },
  }
  return { statements, watched }
}
