import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fakeClock } from '@longhaul/core/testing'
import { sqliteStore } from '@longhaul/sqlite'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { aJob, temporaryFile } from './support.js'

const cleanups: (() => unknown)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup()
})

test('a file keeps its jobs when the store is opened again', async () => {
  const file = aFile()
  await using(file, store => store.insert([aJob({ id: 'a' })]))
  await using(file, async store => expect(await store.get('a')).toMatchObject({ state: 'waiting' }))
})

test('a store that was closed can be opened again', async () => {
  const store = sqliteStore(aFile())
  await expect(store.get('a'), 'not open yet').rejects.toMatchObject({ code: 'store_closed' })
  await store.open()
  await store.close()
  await store.open()
  expect(await store.get('a')).toBeUndefined()
  await store.close()
})

test('tables of a newer version are refused and left as they are', async () => {
  const file = aFile()
  await using(file, store => store.insert([aJob()]))
  const client = aClient(file)
  client.exec('insert into longhaul_schema values (99, 0)')

  await expect(sqliteStore(file).open()).rejects.toMatchObject({
    code: 'schema_too_new',
    message: expect.stringMatching(/version 99.*Update @longhaul\/sqlite/s),
  })
  expect(client.prepare('select count(*) from longhaul_jobs').pluck().get()).toBe(1)
})

test('a migration that fails leaves nothing behind', async () => {
  const client = aClient(aFile())
  client.exec('create table longhaul_logs (mine text)')
  await expect(sqliteStore(client).open()).rejects.toMatchObject({ code: 'store_failed' })
  expect(tablesOf(client)).toEqual(['longhaul_logs'])
})

test('the tables live beside those of the app, and two prefixes are two stores', async () => {
  const client = aClient(aFile())
  client.exec('create table orders (id text); pragma user_version = 7')
  const [one, two] = [sqliteStore(client), sqliteStore(client, { tablePrefix: 'Jobs2_' })]
  await one.open()
  await two.open()
  await one.insert([aJob({ id: 'a' })])

  expect(await two.get('a')).toBeUndefined()
  expect(tablesOf(client)).toContain('orders')
  expect(client.pragma('user_version', { simple: true })).toBe(7)
})

test('a file that is no database is refused and left as it is', async () => {
  const file = aFile()
  const text = 'Dear diary, '.repeat(500)
  writeFileSync(file, text)
  await expect(sqliteStore(file).open()).rejects.toMatchObject({ code: 'not_a_store', retryable: false })
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test('a missing folder and a path that is a folder are told apart from a busy file', async () => {
  const file = aFile()
  mkdirSync(file)
  const refused = { code: 'store_unavailable', retryable: false }
  await expect(sqliteStore(join(dirname(file), 'none', 'jobs.db')).open()).rejects.toMatchObject(refused)
  await expect(sqliteStore(file).open()).rejects.toMatchObject(refused)
})

test('a database that can only be read is refused when it is opened', async () => {
  const file = aFile()
  await using(file, store => store.insert([aJob()]))
  const client = new Database(file, { readonly: true })
  cleanups.push(() => client.close())
  await expect(sqliteStore(client).open()).rejects.toMatchObject({
    code: 'store_unavailable',
    retryable: false,
  })
})

test('a file that stays locked fails as busy after `busyRetryMs`', async () => {
  const file = aFile()
  const holder = aClient(file)
  holder.exec('begin exclusive')
  await expect(sqliteStore(file, { busyTimeoutMs: 0, busyRetryMs: 50 }).open()).rejects.toMatchObject({
    code: 'store_busy',
    retryable: true,
  })
})

test('a full disk fails typed, and what was stored before stays readable', async () => {
  const file = aFile()
  const client = aClient(file)
  const store = sqliteStore(client)
  await store.open()
  await store.insert([aJob({ id: 'a' })])
  client.pragma('max_page_count = 1')

  const large = aJob({ input: 'x'.repeat(1_000_000) })
  await expect(store.insert([large])).rejects.toMatchObject({ code: 'store_unavailable', retryable: true })
  expect(await store.get('a')).toMatchObject({ state: 'waiting' })
})

test('power loss is survived unless asked otherwise: FULL is set on the connection', async () => {
  const client = aClient(aFile())
  await sqliteStore(client).open()
  expect(client.pragma('synchronous', { simple: true })).toBe(2)
  expect(client.pragma('journal_mode', { simple: true })).toBe('wal')
  await sqliteStore(client, { synchronous: 'normal' }).open()
  expect(client.pragma('synchronous', { simple: true })).toBe(1)
})

test('a SQLite with the defect of its write-ahead log is reported once when the store opens', async () => {
  const warnings: string[] = []
  const client = ofVersion('3.49.2', aClient(aFile()))
  const store = sqliteStore(client, { onWarning: message => warnings.push(message) })
  await store.open()
  await store.open()
  expect(warnings).toEqual([expect.stringContaining('SQLite 3.49.2')])
})

test('closing waits for the writes that are under way', async () => {
  const file = aFile()
  const store = sqliteStore(file, { clock: fakeClock() })
  await store.open()
  const inserted = store.insert([aJob({ id: 'a' })])
  await store.close()
  await store.close()
  expect(await inserted).toHaveLength(1)
})

function aFile() {
  const { file, remove } = temporaryFile()
  cleanups.push(remove)
  return file
}

function aClient(file: string) {
  const client = new Database(file)
  cleanups.push(() => client.close())
  return client
}

async function using(file: string, use: (store: ReturnType<typeof sqliteStore>) => Promise<unknown>) {
  const store = sqliteStore(file)
  await store.open()
  await use(store)
  await store.close()
}

function tablesOf(client: Database.Database) {
  return client.prepare("select name from sqlite_master where type = 'table'").pluck().all()
}

/** The same client, saying that it is of another version. */
function ofVersion(version: string, client: Database.Database): Database.Database {
  const say = `select '${version}' as version`
  return new Proxy(client, {
    get(target, member) {
      if (member === 'prepare') {
        return (sql: string) => target.prepare(sql.includes('sqlite_version') ? say : sql)
      }
      const value = Reflect.get(target, member)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
