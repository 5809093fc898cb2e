import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseReset } from '../../../src/gate/answer/reset.js'

const now = Date.UTC(2026, 0, 1)
const inSeconds = now / 1_000

test.each([
  ['seconds from now', '30', 30_000],
  ['no time', '0', 0],
  ['parts of a second', '0.25', 250],
  ['a day', '86400', 86_400_000],
  ['the longest wait that is taken for one', '999999999', 999_999_999_000],
  ['an instant in seconds', `${inSeconds + 60}`, 60_000],
  ['an instant in parts of a second', `${inSeconds + 60}.5`, 60_500],
  ['an instant in milliseconds', `${now + 1_500}`, 1_500],
  ['an instant that has passed', `${inSeconds - 60}`, 0],
  ['a date of the web', new Date(now + 90_000).toUTCString(), 90_000],
  ['a date as RFC 3339 has it', '2026-01-01T00:01:00Z', 60_000],
  ['one with an offset', '2026-01-01T01:01:00.5+01:00', 60_500],
  ['a duration', '1m30s', 90_000],
  ['a short one', '6ms', 6],
  ['a broken one', '1.5s', 1_500],
  ['a long one', '1d2h3m4s5ms', 93_784_005],
  ['none that ends in nothing', '6m0s', 360_000],
  ['blanks around it', ' 30 ', 30_000],
])('%s: "%s" is in %i ms', (_, text, ms) => {
  expect(parseReset(text, now)).toBe(ms)
})

test.each([
  ['too long to wait, too short for an instant', '50000000000'],
  ['an instant in microseconds', `${now}000`],
  ['more than any number', '9'.repeat(30)],
  ['less than nothing', '-1'],
  ['words', 'soon'],
  ['a duration without a unit at its end', '1m30'],
  ['a duration of other units', '1w'],
  ['a number in another notation', '1e3'],
  ['a date without a zone', '2026-01-01T00:01:00'],
  ['a date that is none', '2026-13-01T00:00:00Z'],
  ['nothing', ''],
  ['ten thousand digits', '1'.repeat(10_000)],
])('%s is not guessed at', (_, text) => {
  expect(parseReset(text, now)).toBeNull()
})

test('an absent one is none', () => {
  expect(parseReset(undefined, now)).toBeNull()
})

test('whatever the text, it is a whole number of milliseconds of at least 0, or none', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[\d.]{1,20}(ms|s|m|h|d)?$/), fc.double().map(String))
  fc.assert(
    fc.property(text, value => {
      const ms = parseReset(value, now)
      expect(ms === null || (Number.isSafeInteger(ms) && ms >= 0)).toBe(true)
    }),
  )
})
