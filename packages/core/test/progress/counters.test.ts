import { expect, test } from 'vitest'
import { addTo, type Counters } from '../../src/progress/counters.js'

test('a counter starts at 0 and takes any finite step', () => {
  const once = addTo<string>({}, 'updated')
  const twice = addTo(once, 'updated', 2.5)
  expect(twice).toEqual({ updated: 3.5 })
  expect(once, 'the value before is left alone').toEqual({ updated: 1 })
  expect(() => addTo(twice, 'updated', Number.NaN)).toThrow(/can't grow by NaN/)
})

test('names that objects have by birth are counted like any other', () => {
  const names = ['__proto__', 'constructor', 'toString', '__proto__']
  const counters = names.reduce<Counters>((sum, name) => addTo(sum, name), {})
  const stored = JSON.parse(JSON.stringify(counters)) as Counters

  expect(Object.entries(addTo(stored, '__proto__'))).toEqual([
    ['__proto__', 3],
    ['constructor', 1],
    ['toString', 1],
  ])
  expect(Object.getPrototypeOf(counters)).toBe(Object.prototype)
})

test('a 65th name is refused, and known ones still count', () => {
  const names = Array.from({ length: 64 }, (_, index) => `kind ${index}`)
  const full = names.reduce<Counters>((sum, name) => addTo(sum, name), {})
  expect(() => addTo(full, 'one more')).toThrow(expect.objectContaining({ code: 'invalid_counter' }))
  expect(addTo(full, 'kind 3')['kind 3']).toBe(2)
})

test('a name must have from 1 to 64 characters', () => {
  expect(() => addTo<string>({}, '')).toThrow(expect.objectContaining({ code: 'invalid_counter' }))
  expect(() => addTo<string>({}, 'x'.repeat(65))).toThrow(
    expect.objectContaining({ code: 'invalid_counter' }),
  )
  expect(addTo<string>({}, 'x'.repeat(64))).toEqual({ ['x'.repeat(64)]: 1 })
})

test('a sum stays exact and finite', () => {
  const most = addTo<string>({}, 'bytes', Number.MAX_VALUE)
  expect(addTo(most, 'bytes', 1)).toEqual({ bytes: Number.MAX_SAFE_INTEGER })
})
