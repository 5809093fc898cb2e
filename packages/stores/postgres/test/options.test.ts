import { migrationSql, postgresStore } from '@longhaul/postgres'
import { expect, test } from 'vitest'

test.each([
  { schema: '' },
  { schema: 'pg_mine' },
  { schema: 'a'.repeat(64) },
  { schema: 'a\0b' },
  { schema: '\ud800' },
  { tablePrefix: 'ä'.repeat(21) },
  { timeoutMs: 0 },
  { maxConnections: 1.5 },
  { heartbeatMs: 0 },
  { notifyEveryMs: 0 },
])('%o is refused before anything is opened', options => {
  expect(() => postgresStore('postgres://nowhere', options)).toThrow(
    expect.objectContaining({ code: 'invalid_options', option: Object.keys(options)[0] }),
  )
})

test('the text of the migrations names every table in full, with quotes', () => {
  const text = migrationSql({ schema: 'We"ird; drop--', tablePrefix: "o'" })
  expect(text).toContain(`create table "We""ird; drop--"."o'jobs" (`)
  expect(text).toContain(`create index "o'jobs_due" on "We""ird; drop--"."o'jobs" (`)
  expect(text).toMatch(/^begin;[\s\S]*commit;\n$/)
  expect(text).not.toMatch(/\{\w+\}|\[[a-z]\w*\]/)
})

test('the text of the migrations begins behind the version that is there', () => {
  expect(migrationSql({ from: 1 })).not.toContain('create table "longhaul"."jobs"')
})
