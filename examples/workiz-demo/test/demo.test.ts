import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { tallyOf } from '../src/call-ledger.js'
import { batchSize } from '../src/sync.js'
import { calls, folder, line, start } from './start.js'

const records = 150

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
    expect(resumed.out).toContain(`The last run was stopped. Resumes at ${place}.`)
    expect(tallyOf(calls(data).join('\n')).repeats).toBeLessThanOrEqual(1)

    const again = await start(['--data', data]).endWhen(out => out.includes('starts anew'), 'SIGKILL')
    expect(again).toMatchObject({
      err: '',
      out: expect.stringContaining('The last run is over (completed_with_errors): starts anew.'),
    })
  })

  test('refuses what it cannot do in one line, with exit code 2', { timeout: 30_000 }, async () => {
    const { code, out, err } = await start(['--nope']).ended
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: "Unknown option '--nope'. See --help.\n" })
  })
})

/** Starts it, kills it once so many calls were made, and so on; then lets it end. */
async function killedAt(places: readonly number[], data: string) {
  for (const place of places) {
    const killed = await start(['--records', String(records), '--data', data]).endWhen(
      () => new Set(calls(data).map(call => call.split(' ')[0])).size >= place,
      'SIGKILL',
    )
    const begins = place === places[0] ? /starts from the first record/ : /Resumes at \d+ of 150/
    expect(killed).toMatchObject({ signal: 'SIGKILL', err: '', out: expect.stringMatching(begins) })
  }
  return start(['--data', data]).ended
}

/** What a sync left in the app's database, but for when. */
function rows(data: string): unknown[] {
  const database = new Database(join(data, 'crm.db'), { readonly: true })
  return database.prepare('select uuid, hash, job_date_time, job from workiz_jobs order by uuid').all()
}
