import { migrationSql, postgresStore } from '@longhaul/postgres'
import pg from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { aDatabase, aJob, aPool, noServer, quoted, serverUrl, upTo } from './support.js'

const databases: ReturnType<typeof aDatabase>[] = []
afterEach(async () => {
  for (const database of databases.splice(0)) await database.cleanup()
})

describe.skipIf(noServer)('opening', () => {
  test('makes one set of tables when twenty pools open it at once', async () => {
    const { pool, store, table, onCleanup } = setup()
    const stores = await Promise.all(
      Array.from({ length: 20 }, () => {
        const own = aPool({ max: 1 })
        onCleanup(() => own.end())
        return store({ listen: false }, own)
      }),
    )
    await Promise.all(stores.map(one => one.insert([aJob()])))
    expect((await stores[0]?.count({}))?.states.waiting).toBe(20)
    const { rows } = await pool.query(`select version from ${table('migrations')}`)
    expect(rows).toEqual([{ version: 1 }])
  })

  test('takes a URL, makes a pool of its own, and ends it', async () => {
    const { store } = setup()
    const own = await store({ maxConnections: 2 }, serverUrl)
    await own.insert([aJob({ id: 'a' })])
    expect(await own.get('a')).toMatchObject({ state: 'waiting' })
    await own.close()
    await own.open()
    expect(await own.get('a')).toMatchObject({ state: 'waiting' })
  })

  test('refuses tables of a newer version, and leaves them as they are', async () => {
    const { pool, store, table, schema } = setup()
    await (await store()).insert([aJob()])
    await pool.query(`insert into ${table('migrations')} values (99)`)
    await expect(postgresStore(pool, { schema }).open()).rejects.toMatchObject({
      code: 'schema_too_new',
      message: expect.stringMatching(/version 99.*Update @longhaul\/postgres/s),
    })
    expect((await pool.query(`select count(*)::integer as jobs from ${table('jobs')}`)).rows).toEqual([
      { jobs: 1 },
    ])
  })

  test('leaves nothing behind when a migration fails', async () => {
    const { pool, schema, table } = setup()
    await pool.query(`create schema ${quoted(schema)}; create table ${table('logs')} (mine text)`)
    await expect(postgresStore(pool, { schema }).open()).rejects.toMatchObject({ code: 'store_failed' })
    const tables = await pool.query('select tablename from pg_tables where schemaname = $1', [schema])
    expect(tables.rows).toEqual([{ tablename: 'logs' }])
  })

  test('makes stores of two prefixes in one schema, and ignores tables that stand first in the search path', async () => {
    const { pool, store, onCleanup } = setup()
    const decoy = aDatabase()
    databases.push(decoy)
    await pool.query(`create schema ${quoted(decoy.schema)}; create table ${decoy.table('jobs')} (id text)`)
    const deceived = aPool({ settings: { search_path: quoted(decoy.schema) } })
    onCleanup(() => deceived.end())

    const [one, two] = [await store({}, deceived), await store({ tablePrefix: 'two ' }, deceived)]
    await one.insert([aJob({ id: 'a' })])
    expect(await two.get('a')).toBeUndefined()
    expect(await one.claim(upTo(9))).toHaveLength(1)
  })

  test('works on tables that migrationSql made, for a user who may change no table', async () => {
    const { pool, schema, onCleanup } = setup()
    const role = `user ${schema}`
    await pool.query(migrationSql({ schema }))
    await pool.query(`create role ${quoted(role)}`)
    onCleanup(() => pool.query(`drop owned by ${quoted(role)}; drop role ${quoted(role)}`))
    await pool.query(`grant usage on schema ${quoted(schema)} to ${quoted(role)}`)
    await pool.query(
      `grant select, insert, update, delete on all tables in schema ${quoted(schema)} to ${quoted(role)}`,
    )
    const limited = aPool({ settings: { role } })
    onCleanup(() => limited.end())

    const store = postgresStore(limited, { schema, listen: false })
    await store.open()
    await store.insert([aJob({ lane: 'l', tags: ['t'] })])
    expect(await store.claim(upTo(1))).toHaveLength(1)
    await store.close()
    await expect(postgresStore(limited, { schema: `${schema} 2` }).open()).rejects.toMatchObject({
      code: 'store_unavailable',
      retryable: false,
      message: expect.stringContaining('migrationSql()'),
    })
  })

  test('says why a server cannot be used', async () => {
    const nobody = new pg.Pool({ connectionString: 'postgres://postgres@127.0.0.1:1/test' })
    await expect(postgresStore(nobody).open()).rejects.toMatchObject({
      code: 'store_unavailable',
      retryable: true,
    })
    const noDatabase = Object.assign(new URL(serverUrl), { pathname: '/no such database' }).href
    await expect(postgresStore(noDatabase).open()).rejects.toMatchObject({
      code: 'store_unavailable',
      retryable: false,
    })
  })

  test('refuses a server that is read-only', async () => {
    const { store, onCleanup } = setup()
    const standby = aPool({ settings: { default_transaction_read_only: 'on' } })
    onCleanup(() => standby.end())
    await expect(store({}, standby)).rejects.toMatchObject({
      code: 'store_unavailable',
      retryable: true,
      message: expect.stringContaining('read-only'),
    })
  })
})

function setup() {
  const database = aDatabase()
  databases.push(database)
  return database
}
