import { sqliteStore } from '@longhaul/sqlite'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test.each([
  { tablePrefix: '' },
  { tablePrefix: '1jobs' },
  { tablePrefix: 'sqlite_' },
  { tablePrefix: 'a'.repeat(41) },
  { tablePrefix: 'jobs"; drop table orders; --' },
  { synchronous: 'off' as 'full' },
  { busyTimeoutMs: 101 },
  { busyTimeoutMs: 0.5 },
  { busyRetryMs: -1 },
  { listenEveryMs: 0 },
])('%o is refused before anything is opened', options => {
  expect(() => sqliteStore('/nowhere/jobs.db', options)).toThrow(
    expect.objectContaining({ code: 'invalid_options', option: Object.keys(options)[0] }),
  )
})

test('a table prefix is refused, or does no harm', async () => {
  const prefix = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[a-zA-Z_"';.\- 0-9]{1,42}$/),
    fc.stringMatching(/^\w{1,12}$/),
  )
  await fc.assert(
    fc.asyncProperty(prefix, async tablePrefix => {
      const client = new Database(':memory:')
      client.exec("create table canary (song text); insert into canary values ('tweet')")
      await openOrRefuse(client, tablePrefix)
      expect(client.prepare('select song from canary').pluck().all()).toEqual(['tweet'])
      client.close()
    }),
    { numRuns: 60 },
  )
})

async function openOrRefuse(client: Database.Database, tablePrefix: string) {
  try {
    await sqliteStore(client, { tablePrefix }).open()
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid_options' })
  }
}
