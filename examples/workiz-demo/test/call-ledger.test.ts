import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tallyOf } from '../src/call-ledger.js'

test('a call after one that came to nothing is a retry', () => {
  expect(tallyOf('A1 520\nA1 cut\nA1 429\nA1 200\n')).toMatchObject({
    calls: 4,
    records: 1,
    retries: 3,
    repeats: 0,
  })
})

test('a call after one that was answered is a repeat, also of a record that is gone', () => {
  expect(tallyOf('A1 200\nB2 204\nA1 200\nB2 204\n')).toMatchObject({ records: 2, retries: 0, repeats: 2 })
})

test('what came to nothing is counted by how', () => {
  expect(tallyOf('A1 520\nA1 200\nB2 520\nC3 cut\n').troubles).toEqual(
    new Map([
      ['520', 2],
      ['cut', 1],
    ]),
  )
})

test('every call is a record, a retry or a repeat', () => {
  const call = fc.tuple(
    fc.constantFrom('A', 'B', 'C'),
    fc.constantFrom('200', '204', '404', '429', '520', 'cut'),
  )
  fc.assert(
    fc.property(fc.array(call), made => {
      const { calls, records, retries, repeats } = tallyOf(made.map(line => `${line.join(' ')}\n`).join(''))
      expect(calls).toBe(made.length)
      expect(records + retries + repeats).toBe(calls)
    }),
  )
})
