import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { tallyOf } from '../src/call-ledger.js'
import { batchSize } from '../src/sync.js'
import { calls, folder, line, start } from './start.js'

const records = 150
const locks: unknown[] = []

describe.concurrent('the demo', () => {
  test('killed three times, ends with the totals of an unbroken run', { timeout: 60_000 }, async () => {
    const whole = folder()
    const broken = folder()
    const args = ['--records', String(records), '--data']
    const [unbroken, resumed] = await Promise.all([
      start([...args, whole]).ended,
      killedAt([40, 80, 125], broken),
    ])

    expect(unbroken).toMatchObject({ code: 0, err: '' })
    expect(resumed).toMatchObject({ code: 0, err: '' })
    expect(line(unbroken.out, 'Records')).toContain(
      '150 scanned = 124 unchanged + 17 updated + 6 deleted + 3 failed',
    )
    expect(line(resumed.out, 'Records')).toBe(line(unbroken.out, 'Records'))
    expect(line(resumed.out, 'CRM')).toBe(line(unbroken.out, 'CRM'))
    expect(rows(broken)).toEqual(rows(whole))
    expect(tallyOf(calls(whole).join('\n')).repeats).toBe(0)
    expect(tallyOf(calls(broken).join('\n')).repeats).toBeLessThanOrEqual(3 * batchSize)
  })

  test('stopped by Ctrl-C, saves all, and goes on from there; once over, it starts anew', {
    timeout: 60_000,
  }, async () => {
    const data = folder()
    const stopped = await start(['--records', '40', '--data', data]).endWhen(
      () => calls(data).length >= 10,
      'SIGINT',
    )
    expect(stopped).toMatchObject({ code: 130, err: '' })
    const [, place] = /Stopped at (\d+ of 40), and all of it is saved/.exec(stopped.out) ?? []

    const resumed = await start(['--data', data]).ended
    expect(resumed).toMatchObject({ code: 0, err: '' })
    expect(resumed.out).toContain(`Resumes at ${place}.`)
    expect(tallyOf(calls(data).join('\n')).repeats).toBeLessThanOrEqual(1)

    const again = await start(['--data', data]).endWhen(out => out.includes('starts anew'), 'SIGKILL')
    expect(again.out).toContain('The last run is over (completed_with_errors): starts anew.')
  })

  test.each([
    ['a bad option', ['--nope'], {}, "Unknown option '--nope'. See --help."],
    ['a missing key', [], { WORKIZ_API_TOKEN: '' }, 'WORKIZ_API_TOKEN is empty.'],
    [
      'a folder that cannot be',
      ['--data', '/dev/null/here'],
      {},
      'The folder /dev/null/here cannot be written (ENOTDIR).',
    ],
    ['text for a job store', ['--data', holding('jobs.db', text)], {}, 'jobs.db is not a file of this demo'],
    [
      'text for an app database',
      ['--data', holding('crm.db', text)],
      {},
      'crm.db is not a file of this demo',
    ],
    [
      'a database of another app',
      ['--fresh', '--data', holding('jobs.db', table)],
      {},
      'jobs.db is not a file of this demo',
    ],
    ['a locked job store', ['--data', holding('jobs.db', lock)], {}, 'jobs.db is locked by another process.'],
    [
      'a locked app database',
      ['--data', holding('crm.db', lock)],
      {},
      'crm.db is locked by another process.',
    ],
    ['a folder for a job store', ['--data', holding('jobs.db', mkdirSync)], {}, 'jobs.db cannot be opened.'],
  ])('refuses %s in one line, with exit code 2', { timeout: 30_000 }, async (_, args, env, message) => {
    const { code, out, err } = await start(args, env).ended
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(message)
    expect(err.trim()).not.toContain('\n')
  })
})

/** Starts it, kills it once so many calls were made, and so on; then lets it end. */
async function killedAt(places: readonly number[], data: string) {
  for (const place of places) {
    const { out } = await start(['--records', String(records), '--data', data]).endWhen(
      () => new Set(calls(data).map(call => call.split(' ')[0])).size >= place,
      'SIGKILL',
    )
    if (place !== places[0]) expect(out).toMatch(/Resumes at \d+ of 150/)
  }
  return start(['--data', data]).ended
}

/** What a sync left in the app's database, but for when. */
function rows(data: string): unknown[] {
  const database = new Database(join(data, 'crm.db'), { readonly: true })
  return database.prepare('select uuid, hash, job_date_time, job from workiz_jobs order by uuid').all()
}

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

/** Held for as long as this file runs. */
function lock(file: string) {
  locks.push(new Database(file).exec('begin exclusive'))
}
