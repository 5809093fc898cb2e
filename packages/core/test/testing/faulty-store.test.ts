import { expect, test } from 'vitest'
import { memoryStore } from '../../src/index.js'
import { faultyStore } from '../../src/testing/index.js'

test.each([0, -1, Number.NaN])('a fault at call %s, which never comes, is refused', nth => {
  const make = () => faultyStore(memoryStore(), { nth, fault: 'error_before' })
  expect(make).toThrow(expect.objectContaining({ code: 'invalid_options', option: 'nth' }))
})

test('a fault that nobody knows is refused', () => {
  const make = () => faultyStore(memoryStore(), { nth: 1, fault: 'crash' as never })
  expect(make).toThrow(expect.objectContaining({ code: 'invalid_options', option: 'fault' }))
})
