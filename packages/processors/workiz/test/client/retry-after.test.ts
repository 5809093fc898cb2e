import fc from 'fast-check'
import { expect, test } from 'vitest'
import { retryAfterMs } from '../../src/client/retry-after.js'
import { noon } from '../support.js'

test.each([
  ['120', 120_000],
  ['0', 0],
  [' 7 ', 7_000],
  ['1000000000', 3_600_000],
  ['Thu, 15 Jan 2026 12:00:30 GMT', 30_000],
  ['Thu, 15 Jan 2026 11:00:00 GMT', 0],
  ['-1', undefined],
  ['1.5', undefined],
  ['1e9', undefined],
  ['soon', undefined],
  ['5, 7', undefined],
  ['2026', 2_026_000],
  ['', undefined],
  [null, undefined],
  ['x'.repeat(10_000), undefined],
])('Retry-After %j asks to wait %s ms', (header, expected) => {
  expect(retryAfterMs(header, noon)).toBe(expected)
})

test('an HTTP date is waited for, and never longer than an hour', () => {
  fc.assert(
    fc.property(fc.integer({ min: -7_200, max: 7_200 }), seconds => {
      const header = new Date(noon + seconds * 1_000).toUTCString()
      expect(retryAfterMs(header, noon)).toBe(Math.min(Math.max(seconds, 0), 3_600) * 1_000)
    }),
  )
})
