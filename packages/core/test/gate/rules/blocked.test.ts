import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { minute, setup } from './virtual-gate.js'

describe('"too many requests"', () => {
  test('closes the gate for as long as it says, or for the default', () => {
    const gate = setup({ waitInPlaceMs: 0 })
    gate.throttled(7_500)
    expect(gate.take()).toBe('in 7500')
    gate.throttled(null)
    expect(gate.take()).toBe('in 20000')
    gate.throttled(1_000)
    expect(gate.take(), 'a shorter one takes nothing back').toBe('in 20000')
  })

  test('0 is an answer too, and a giant one is capped (D5)', () => {
    const gate = setup({ waitInPlaceMs: 0 })
    gate.throttled(0)
    expect(gate.take()).toBe(0)
    for (const giant of [1e15, Number.POSITIVE_INFINITY]) {
      gate.throttled(giant)
      expect(gate.take()).toBe('in 3600000')
      expect(JSON.parse(JSON.stringify(gate.state())), 'still JSON').toEqual(gate.state())
    }
  })

  test('is believed whatever its number, within the cap', () => {
    const property = fc.property(fc.double(), retryAfterMs => {
      const gate = setup({ waitInPlaceMs: 0 })
      gate.throttled(retryAfterMs)
      const taken = gate.take()
      expect(taken === 0 || Number(String(taken).slice(3)) <= 3_600_000).toBe(true)
    })
    fc.assert(property)
  })

  test('is told apart from a quota that is used up', () => {
    const gate = setup({ waitInPlaceMs: 0 })
    gate.throttled(minute)
    expect(gate.view()).toMatchObject({ state: 'closed', because: 'too_many_requests' })
  })
})
