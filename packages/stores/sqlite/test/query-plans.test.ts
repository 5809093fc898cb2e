import { sqliteStore } from '@longhaul/sqlite'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { aJob, upTo } from './support.js'

test('no statement of a worker walks through a table', async () => {
  const { client, store, statements } = await setup()
  await store.insert([aJob({ id: 'a', key: 'k', lane: 'l' }), aJob({ key: 'k' })])
  const [job] = await store.claim(upTo(1, { queues: ['default'] }))
  const records = {
    items: [{ key: 'i', outcome: 'failed', value: null, error: null }],
    logs: [{ level: 'info', message: 'm' }],
  } as const
  await store.commit([{ id: 'a', token: job?.token ?? 0, seq: 1, patch: { state: 'failed' }, ...records }])
  await store.records('a', 'items', { limit: 1 })
  await store.insert([aJob({ id: 'b' }), aJob({ after: { ids: ['b'], outcome: 'succeeded' } })])
  await store.claim(upTo(9))
  await store.commit([{ id: 'b', token: 1, seq: 1, patch: { state: 'failed' } }])
  await store.count({ states: ['waiting', 'running'] })
  await store.count({ group: 'g' })
  await store.list({ group: 'g' }, { limit: 1 })
  await store.request({ kind: 'move', queue: 'q' }, { ids: ['a'] })
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

test('a claim reads the due jobs of a line in their order, and stops at its limit', async () => {
  const { client, store, statements } = await setup()
  await store.insert([aJob()])
  await store.claim(upTo(1))

  const plans = planned(client, statements, 'due_at <= @now')
  expect(plans.length).toBeGreaterThan(0)
  for (const [search, ...others] of plans) {
    expect(search).toMatch(/INDEX longhaul_jobs_due \(rank=\? AND processor=\? AND queue=\? AND due_at/)
    expect(others.join()).not.toMatch(/SCAN|TEMP B-TREE/)
  }
})

test('the next line is found in one step, over all jobs of the line before', async () => {
  const { client, store, statements } = await setup()
  await store.claim(upTo(1))
  const [plan = []] = planned(client, statements, 'queue > @queue')
  expect(plan.filter(step => step.startsWith('SEARCH')).map(step => step.replace(/.*\(/, '('))).toEqual([
    '(rank=? AND processor=? AND queue>?)',
    '(rank=? AND processor>?)',
    '(rank>?)',
  ])
})

test('no statement of a worker is planned anew for each value of its limit', async () => {
  const { store, statements } = await setup()
  await store.claim(upTo(1))
  expect([...statements].filter(sql => /limit [@?]/.test(sql))).toEqual([])
})

test('a count of the jobs that are not ended reads no ended one', async () => {
  const { client, store, statements } = await setup()
  await store.count({ states: ['waiting', 'running'] })
  const [plan] = planned(client, statements, 'group by state')
  expect(plan?.[0]).toContain('INDEX longhaul_jobs_due')
})

async function setup() {
  const client = new Database(':memory:')
  const { statements, watched } = watch(client)
  const store = sqliteStore(watched)
  await store.open()
  statements.clear()
  return { client, store, statements }
}

/** The plans of the statements with these words. */
function planned(client: Database.Database, statements: ReadonlySet<string>, words: string): string[][] {
  return [...statements].filter(sql => sql.includes(words)).map(sql => planOf(client, sql))
}

/** What a statement reads from end to end without an index, other than its own values and the jobs to sweep. */
function walksOf(client: Database.Database, sql: string) {
  const isWalk = /^SCAN (?!json_each|chosen|pragma_|longhaul_removed|CONSTANT|\(subquery)(?!.*INDEX)/
  return planOf(client, sql)
    .filter(step => isWalk.test(step))
    .map(step => `${step}: ${sql}`)
}

function planOf(client: Database.Database, sql: string): string[] {
  const named = Object.fromEntries([...sql.matchAll(/@(\w+)/g)].map(([, name]) => [name, null]))
  const placed = [...sql.matchAll(/\?/g)].map(() => null)
  const explain = client.prepare(`explain query plan ${sql}`)
  const steps = (placed.length > 0 ? explain.all(placed) : explain.all(named)) as { detail: string }[]
  return steps.map(({ detail }) => detail)
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
