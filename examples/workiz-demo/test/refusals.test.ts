import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../src/database.js'
import { openDemo } from '../src/demo.js'
import { readOptions } from '../src/options.js'
import { folder, locker } from './start.js'

test.each([
  ['a folder that cannot be', '/dev/null/here', 'The folder /dev/null/here cannot be written (ENOTDIR).'],
  ['text for a job store', () => holding('jobs.db', text), 'jobs.db is not a file of this demo'],
  ['text for an app database', () => holding('crm.db', text), 'crm.db is not a file of this demo'],
  ['a database of another app', () => holding('jobs.db', table), 'jobs.db is not a file of this demo'],
  ['a locked job store', () => holding('jobs.db', lock), 'jobs.db is locked by another process.'],
  ['a locked app database', () => holding('crm.db', lock), 'crm.db is locked by another process.'],
  ['a folder for a job store', () => holding('jobs.db', mkdirSync), 'jobs.db cannot be opened.'],
])('%s is refused in one line, with exit code 2', { timeout: 30_000 }, async (_, data, message) => {
  const options = readOptions(['--fresh', '--data', typeof data === 'string' ? data : data()], {})
  const problem = expect.objectContaining({ name: 'Problem', exitCode: 2 })
  const refused = openDemo(options)
  await expect(refused).rejects.toEqual(problem)
  await expect(refused).rejects.toThrow(message)
  await expect(refused).rejects.toThrow(/^[^\n]+$/)
})

test('a file that its last holder is about to let go of is waited for', { timeout: 30_000 }, async () => {
  const file = join(folder(), 'crm.db')
  openDatabase(file).close()
  await locker(file, 700)
  openDatabase(file, { sole: true }).close()
})

function holding(name: string, make: (file: string) => unknown): string {
  const data = folder()
  make(join(data, name))
  return data
}

function text(file: string) {
  writeFileSync(file, 'Not a database, but somebody else’s notes.\n'.repeat(50))
}

function table(file: string) {
  new Database(file).exec('create table theirs (id)').close()
}

function lock(file: string) {
  const holder = new Database(file).exec('begin exclusive')
  onTestFinished(() => void holder.close())
}
