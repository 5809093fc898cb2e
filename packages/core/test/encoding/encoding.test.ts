import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CursorValue, decodeCursor, encodeCursor } from '../../src/encoding/cursor.js'
import { encodeJson } from '../../src/encoding/json.js'
import { EncodingError, TooLargeError } from '../../src/errors.js'
import { fromStorable, toStorable } from '../../src/store/index.js'

const { cursor } = fc.letrec<{ cursor: CursorValue }>(tie => ({
  cursor: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noDefaultInfinity: true, noNaN: true }).map(number => number + 0),
    fc.bigInt(),
    fc.string({ unit: 'binary' }),
    fc.date({ noInvalidDate: true }),
    fc.array(tie('cursor')),
    fc.dictionary(
      fc.string().filter(key => key !== '$' && key !== '__proto__'),
      tie('cursor'),
      { noNullPrototype: true },
    ),
  ),
}))

test('a cursor comes back as what it was', () => {
  fc.assert(
    fc.property(cursor, value => {
      expect(decodeCursor(encodeCursor(value))).toEqual(value)
    }),
  )
})

test('bigints beyond 2^53 and microseconds as text stay exact', () => {
  const key = ['2026-01-01T00:00:00.123456Z', 9_007_199_254_740_993n]
  expect(decodeCursor(encodeCursor(key))).toEqual(key)
})

test.each<[string, unknown]>([
  ['NaN', Number.NaN],
  ['an invalid Date', new Date(Number.NaN)],
  ['undefined', undefined],
  ['a function', () => {}],
  ['a Map', new Map()],
  ['the reserved key', { $: 'bigint' }],
  ['__proto__', JSON.parse('{"__proto__": 1}')],
])('a cursor that would not come back is refused: %s', (_, value) => {
  expect(() => encodeCursor(value as CursorValue)).toThrow(EncodingError)
})

test('a cursor above 65,536 characters is refused', () => {
  expect(() => encodeCursor('x'.repeat(65_536))).toThrow(TooLargeError)
})

test('JSON that is taken comes back equal', () => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      fc.pre(!JSON.stringify(value).includes('__proto__'))
      expect(JSON.parse(encodeJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('nothing is silently changed: what is taken is equal to what comes back', () => {
  fc.assert(
    fc.property(
      fc.anything({ withDate: true, withMap: true, withBigInt: true, withNullPrototype: true }),
      value => {
        let text: string
        try {
          text = encodeJson(value)
        } catch (error) {
          expect(error).toBeInstanceOf(EncodingError)
          return
        }
        expect({ value: JSON.parse(text) }).toEqual({ value: value === undefined ? null : plain(value) })
      },
    ),
  )
})

/** Equal up to what JSON says in another way: -0 is 0. */
function plain(value: unknown): unknown {
  return typeof value === 'object' && value !== null
    ? JSON.parse(JSON.stringify(value))
    : value === 0
      ? 0
      : value
}

test('any string can be stored where only valid text without NUL can', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xff_ff })), units => {
      const text = String.fromCharCode(...units)
      const stored = toStorable(text)
      expect(stored.isWellFormed() && !stored.includes('\0')).toBe(true)
      expect(fromStorable(stored)).toBe(text)
    }),
  )
})

test.each(['', '\0', '\ud800', '\u0001', '\u0001"x"', '[]', '9007199254740993'])(
  '%j is stored and comes back',
  text => {
    expect(fromStorable(toStorable(text))).toBe(text)
  },
)
