import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseRetryAfter } from '../../../src/gate/answer/retry-after.js'

const now = Date.UTC(1994, 10, 6, 8, 49, 0)

describe('Retry-After (D4, D5)', () => {
  const cases: readonly (readonly [value: string | null | undefined, waitMs: number | null])[] = [
    ['120', 120_000],
    ['0', 0],
    [' 7 ', 7_000],
    ['1.5', 1_500],
    ['0.0001', 1],
    ['99999999999999999999', Number.MAX_SAFE_INTEGER],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
    ['Sun Nov  6 08:49:37 1994', 37_000],
    ['Sun, 06 Nov 1994 08:48:00 GMT', 0],
    ['Thursday, 01-Jan-70 00:00:00 GMT', 0],
    ['Sat, 31 Dec 1994 23:59:60 GMT', Date.UTC(1995, 0, 1) - now],
    ['-1', null],
    ['+5', null],
    ['1e9', null],
    ['0x10', null],
    ['', null],
    ['   ', null],
    ['soon', null],
    ['120, 60', null],
    ['2026-11-22T10:00:00Z', null],
    ['Sun, 31 Feb 1994 08:49:37 GMT', null],
    ['Sun, 06 Nov 1994 25:49:37 GMT', null],
    ['Sun, 06 Nov 1994 08:49:60 GMT', null],
    ['Sun, 06 Foo 1994 08:49:37 GMT', null],
    ['Sun, 06 Nov 1994 08:49:37 PST', null],
    ['1'.repeat(10_240), null],
    [null, null],
    [undefined, null],
  ]

  test.each(cases)('%j waits %j', (value, waitMs) => {
    expect(parseRetryAfter(value, now)).toBe(waitMs)
  })
})

test('a two-digit year is never more than 50 years ahead', () => {
  const in2026 = Date.UTC(2026, 0, 1)
  expect(parseRetryAfter('Wednesday, 01-Jan-76 00:00:00 GMT', in2026)).toBe(Date.UTC(2076, 0, 1) - in2026)
  expect(parseRetryAfter('Saturday, 01-Jan-77 00:00:00 GMT', in2026)).toBe(0)
})

test('a date is never waited for too short, also at a fraction of a millisecond', () => {
  expect(parseRetryAfter('Sun, 06 Nov 1994 08:49:37 GMT', now + 0.25)).toBe(37_000)
})

test('the answer is null or a whole number of milliseconds, whatever the value', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.nat().map(String),
    fc.date({ noInvalidDate: true }).map(date => date.toUTCString()),
  )
  const property = fc.property(anything, fc.integer({ min: 0, max: 4e12 }), (value, now) => {
    const waitMs = parseRetryAfter(value, now)
    expect(waitMs === null || (Number.isSafeInteger(waitMs) && waitMs >= 0)).toBe(true)
  })
  fc.assert(property, { numRuns: 1_000 })
})
