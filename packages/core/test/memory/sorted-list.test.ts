import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SortedList } from '../../src/memory/sorted-list.js'

const numbers = fc.uniqueArray(fc.integer())

test('keeps its members in order, whatever comes and goes', () => {
  fc.assert(
    fc.property(numbers, numbers, (come, go) => {
      const list = new SortedList<number>((a, b) => a - b)
      for (const number of come) list.add(number)
      for (const number of go) list.remove(number)
      const left = come.filter(number => !go.includes(number)).sort((a, b) => a - b)
      expect([...list]).toEqual(left)
      expect(list.isEmpty).toBe(left.length === 0)
    }),
  )
})

test('keeps its order over many more members than are moved at once', () => {
  const list = new SortedList<number>((a, b) => a - b)
  const shuffled = Array.from({ length: 5_003 }, (_, index) => (index * 1_999) % 5_003)
  for (const number of shuffled) list.add(number)
  expect([...list]).toEqual([...shuffled].sort((a, b) => a - b))

  for (const number of shuffled) if (number % 10 > 0) list.remove(number)
  expect([...list]).toEqual(Array.from({ length: 501 }, (_, index) => index * 10))
})

test('removes nothing in place of a member that is not there', () => {
  const list = new SortedList<number>((a, b) => a - b)
  for (const number of [1, 3]) list.add(number)
  for (const number of [0, 2, 4]) list.remove(number)
  expect([...list]).toEqual([1, 3])
})
