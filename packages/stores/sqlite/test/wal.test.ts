import { statSync } from 'node:fs'
import { fakeClock } from '@longhaul/core/testing'
import { sqliteStore } from '@longhaul/sqlite'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { sqlOn } from '../src/sql.js'
import { waitingAtMost } from '../src/transactions.js'
import { watchOverLog } from '../src/wal.js'
import { temporaryFile } from './support.js'

const cleanups: (() => unknown)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup()
})

test('a log that a reader keeps from being taken back is warned of, once', async () => {
  const { clock, look, read, warnings, write } = setup()
  read()
  write()
  look()
  expect(warnings, 'not looked at yet').toEqual([])
  await clock.advance(10_000)
  look()
  expect(warnings).toEqual([expect.stringMatching(/jobs\.db-wal has grown to 4 MB.*reading/s)])

  write()
  await clock.advance(10_000)
  look()
  expect(warnings).toHaveLength(1)
})

test('once the reader is gone the log is cut down, and a next one is warned of again', async () => {
  const { clock, look, read, size, warnings, write } = setup()
  const stopReading = read()
  write()
  await clock.advance(10_000)
  look()
  stopReading()
  await clock.advance(10_000)
  look()
  expect(size()).toBe(0)

  read()
  write()
  await clock.advance(10_000)
  look()
  expect(warnings).toHaveLength(2)
})

test('a large log that nobody keeps is cut down without a word', async () => {
  const { clock, look, size, warnings, write } = setup()
  write()
  await clock.advance(10_000)
  look()
  expect([size(), warnings]).toEqual([0, []])
})

test('the store looks after its writes', async () => {
  const { file, remove } = temporaryFile()
  cleanups.push(remove)
  const clock = fakeClock()
  const client = new Database(file)
  cleanups.push(() => client.close())
  const store = sqliteStore(client, { clock })
  await store.open()
  client.exec(`create table ballast (text); insert into ballast values (zeroblob(${70 * megabyte}))`)
  const sizeOfLog = () => statSync(`${file}-wal`).size
  expect(sizeOfLog()).toBeGreaterThan(64 * megabyte)

  await clock.advance(10_000)
  await store.swap('cell', { id: '1', version: 0, value: null })
  expect(sizeOfLog()).toBe(0)
})

const megabyte = 1024 * 1024

function setup() {
  const { file, remove } = temporaryFile()
  cleanups.push(remove)
  const [client, reader] = [new Database(file), new Database(file)]
  cleanups.push(
    () => client.close(),
    () => reader.close(),
  )
  client.exec('pragma journal_mode = wal; create table ballast (text)')
  const clock = fakeClock()
  const warnings: string[] = []
  const onWarning = (message: string) => void warnings.push(message)
  const log = {
    sql: sqlOn(client, 'longhaul_', clock.now),
    file: `${file}-wal`,
    waitingNever: waitingAtMost(client, 0),
  }
  const look = watchOverLog(log, { clock, onWarning, largeBytes: 2 * megabyte })

  return {
    clock,
    look,
    warnings,
    size: () => statSync(`${file}-wal`).size,
    write: () => client.exec(`insert into ballast values (zeroblob(${4 * megabyte}))`),
    read() {
      reader.exec('begin; select * from ballast')
      return () => reader.exec('rollback')
    },
  }
}
