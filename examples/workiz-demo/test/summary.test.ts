import type { JobView } from '@longhaul/core'
import { describe, expect, test } from 'vitest'
import { tallyOf } from '../src/call-ledger.js'
import { type Outcome, summary } from '../src/summary.js'

const ended = {
  state: 'completed_with_errors',
  progress: { done: 1_500, total: 1_500, failed: 3, skipped: 60, percent: 100 },
  counters: { updated: 180, unchanged: 1_257 },
  startedAt: '2026-01-15T12:00:00.000Z',
  endedAt: '2026-01-15T12:02:05.000Z',
  errors: null,
} as unknown as JobView

function outcome(change: Partial<Outcome> = {}): Outcome {
  return {
    job: ended,
    rowsBefore: 1_500,
    rowsAfter: 1_440,
    calls: tallyOf('A 520\nA 200\nB 204\nB 204\nC 520\n'),
    session: { ms: 30_000, doneBefore: 0 },
    failed: [{ key: '5XK0E2', outcome: 'failed', item: null, reason: 'Could not load job' }],
    ...change,
  }
}

describe('the summary', () => {
  test.each([
    ['Records', '1,500 scanned = 1,257 unchanged + 180 updated + 60 deleted + 3 failed'],
    ['CRM', '1,500 rows before, 1,440 after'],
    ['API', '5 calls = 3 records + 1 retries + 1 repeated after an interruption'],
    ['Trouble', '2 failed calls = 2 with 520; 1 not retried'],
    ['Time', '30 s, 50 records/s'],
    ['Failed', '5XK0E2  Could not load job'],
  ])('says of %s: %s', (name, text) => {
    expect(summary(outcome())).toContain(`  ${name.padEnd(9)}${text}`)
  })

  test('tells the time of this start from that of the whole run', () => {
    expect(summary(outcome({ session: { ms: 30_000, doneBefore: 900 } })).join('\n')).toContain(
      '30 s, 20 records/s since it was resumed; 2 min 5 s since the first start',
    )
  })

  test('begins with how the job ended, and why it failed', () => {
    const errors = { last: { message: 'Workiz: the API token is not valid' } } as JobView['errors']
    expect(summary(outcome())[0]).toBe('Completed with errors: 3 records failed.')
    expect(summary(outcome({ job: { ...ended, state: 'completed' } }))[0]).toBe('Completed.')
    expect(summary(outcome({ job: { ...ended, state: 'failed', errors } }))[0]).toBe(
      'The job failed: Workiz: the API token is not valid',
    )
  })

  test('has no line above 110 columns', () => {
    const reason = 'x'.repeat(500)
    const failed = [{ key: '5XK0E2', outcome: 'failed', item: null, reason }] as const
    expect(Math.max(...summary(outcome({ failed })).map(line => line.length))).toBeLessThanOrEqual(110)
  })
})
