import { type PostgresClient, type PostgresPool, postgresStore } from '@longhaul/postgres'
import { faultProxy } from '@longhaul/test-servers'
import type pg from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { aDatabase, aJob, aPool, noServer, serverUrl, someJobs, upTo } from './support.js'

const databases: ReturnType<typeof aDatabase>[] = []
afterEach(async () => {
  for (const database of databases.splice(0)) await database.cleanup()
})

const lost = { code: 'store_unavailable', retryable: true }

describe.skipIf(noServer)('a connection', () => {
  test('that dies while it is idle is replaced, time and again', async () => {
    const { pool, store, application } = await setup()
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 4 }, () => store.get('a')))
      await terminate(pool, application)
      await untilGone(pool, application)
      expect(await store.get('a')).toBeUndefined()
    }
  })

  test('that dies in the middle of a call is replaced, and the call made again', async () => {
    const { pool, store, application, table, onCleanup } = await setup()
    await store.insert([aJob({ id: 'a' })])
    const [job] = await store.claim(upTo(1))
    const blocker = await pool.connect()
    onCleanup(() => blocker.release())
    await blocker.query(`begin; lock table ${table('jobs')}`)

    const write = { id: 'a', token: job?.token ?? 0, seq: 1, patch: { cursor: 'c1' } }
    const committed = store.commit([write])
    await untilWaiting(pool, application)
    await terminate(pool, application)
    await untilWaiting(pool, application)
    await blocker.query('rollback')
    expect(await committed).toMatchObject([{ accepted: true }])
    expect(await store.get('a')).toMatchObject({ cursor: 'c1' })
  })

  test('that never answers fails each call in time, and leaves no slot behind', async () => {
    const { store, onCleanup, schema, table, pool } = await setup()
    await store.insert(someJobs(3))
    const proxy = await faultProxy(serverUrl)
    const own = aPool({ url: proxy.url, max: 2 })
    onCleanup(() => proxy.close())
    onCleanup(() => own.end())
    const far = postgresStore(own, { schema, timeoutMs: 200, listen: false })
    await far.open()

    proxy.apply({ drop: true })
    const calls = [far.get('a'), far.claim(upTo(1)), far.insert([aJob()]), far.count({}), far.cell('c')]
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: lost })
    }
    await proxy.heal()
    proxy.reset()
    expect(await pool.query(`select 1 from ${table('jobs')} limit 1`)).toMatchObject({ rowCount: 1 })
    for (let call = 0; call < 4; call++) expect((await far.count({})).states.completed).toBe(0)
  })

  test('whose server never greets it takes no slot of a pool of the store for long', async () => {
    const { schema, onCleanup } = await setup()
    const proxy = await faultProxy(serverUrl)
    const far = postgresStore(proxy.url, { schema, timeoutMs: 200, listen: false, maxConnections: 2 })
    onCleanup(() => proxy.close())
    onCleanup(() => far.close())
    await far.open()

    proxy.reset()
    proxy.apply({ drop: true })
    const calls = await Promise.allSettled([far.get('a'), far.get('b')])
    expect(calls).toMatchObject([{ reason: lost }, { reason: lost }])
    proxy.halfOpen('server')
    await proxy.heal()
    await expect.poll(() => far.get('a').catch(() => 'lost')).toBeUndefined()
  })

  test('whose server has become read-only is closed, and the next one used', async () => {
    const { store, onCleanup, schema } = await setup()
    const servers = { primary: aPool({ max: 1 }), standby: aPool({ max: 1, settings: readOnly }) }
    onCleanup(() => Promise.all([servers.primary.end(), servers.standby.end()]))
    const failover = switching(servers)
    const other = postgresStore(failover.pool, { schema, listen: false })
    await other.open()

    failover.to('standby')
    await expect(other.insert([aJob()])).rejects.toMatchObject({
      ...lost,
      message: expect.stringContaining('read-only'),
    })
    expect(servers.standby.totalCount, 'the connection was closed').toBe(0)
    failover.to('primary')
    await other.insert([aJob({ id: 'a' })])
    expect(await store.get('a')).toMatchObject({ state: 'waiting' })
  })

  test('on which a transaction lost against another one is used to try again', async () => {
    const { pool, store, application, table, onCleanup } = await setup()
    await store.insert([aJob({ id: 'a' }), aJob({ id: 'b' })])
    const jobs = await store.claim(upTo(2))
    const other = await pool.connect()
    onCleanup(() => other.release())
    await other.query(`begin; set local deadlock_timeout = '10s'`)
    await other.query(`select 1 from ${table('jobs')} where id = 'b' for update`)

    const writes = jobs.map(({ id, token }) => ({ id, token, seq: 1, patch: { cursor: 'c1' } }))
    const committed = store.commit(writes)
    await untilWaiting(pool, application)
    await other.query(`select 1 from ${table('jobs')} where id = 'a' for update`)
    await other.query('commit')
    expect(await committed).toMatchObject([{ accepted: true }, { accepted: true }])
  })
})

const readOnly = { default_transaction_read_only: 'on' }

/** A pool that leads to one of several. */
function switching(servers: Readonly<Record<'primary' | 'standby', pg.Pool>>) {
  let current: pg.Pool = servers.primary
  const pool: PostgresPool = {
    connect: () => current.connect() as Promise<PostgresClient>,
    on: () => {},
    removeListener: () => {},
    end: async () => {},
  }
  const to = (name: 'primary' | 'standby') => {
    current = servers[name]
  }
  return { pool, to }
}

async function terminate(pool: pg.Pool, application: string) {
  await pool.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
    application,
  ])
}

async function untilGone(pool: pg.Pool, application: string) {
  while ((await backends(pool, application, 'true')) > 0) await new Promise(resolve => setTimeout(resolve, 5))
}

async function untilWaiting(pool: pg.Pool, application: string) {
  while ((await backends(pool, application, "wait_event_type = 'Lock'")) === 0)
    await new Promise(resolve => setTimeout(resolve, 5))
}

async function backends(pool: pg.Pool, application: string, condition: string): Promise<number> {
  const text = `select count(*)::integer as backends from pg_stat_activity where application_name = $1 and ${condition}`
  return (await pool.query(text, [application])).rows[0].backends
}

/** The store works on a pool of its own, whose connections go by the name `application`. */
async function setup() {
  const database = aDatabase()
  databases.push(database)
  const application = database.schema.replace(' ', '-')
  const own = aPool({ settings: { application_name: application } })
  database.onCleanup(() => own.end())
  return { ...database, application, store: await database.store({ listen: false }, own) }
}
