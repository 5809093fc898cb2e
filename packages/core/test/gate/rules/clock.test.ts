import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { minute, mostIn, second, setup } from './virtual-gate.js'

const day = 24 * 60 * minute

describe('when the clock of the store steps back', () => {
  test('no window holds more than its limit, in the time that really passed', () => {
    const back = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(3_000), fc.nat(100_000))
    const steps = fc.array(fc.record({ wait: fc.nat(1_500), back }), { minLength: 50, maxLength: 200 })
    const property = fc.property(fc.constantFrom(1, 3, 100), steps, (limit, steps) => {
      const gate = setup({ rates: [{ limit, perMs: second }], waitInPlaceMs: 1_500 })
      const permits: number[] = []
      let behind = 0
      for (const { wait, back } of steps) {
        gate.wait(wait - back)
        behind += back
        for (let at = gate.take(); typeof at === 'number' && permits.length < 1_000; at = gate.take())
          permits.push(at + behind)
      }
      expect(mostIn(permits, second)).toBeLessThanOrEqual(limit)
    })
    fc.assert(property, { numRuns: 50 })
  })

  test('a gate stands still for a short step, and for a long one goes on as if no time had passed', () => {
    const gate = setup({ rates: [{ limit: 1, perMs: 10 * second }], waitInPlaceMs: 0 })
    gate.take()
    gate.wait(-5 * second)
    expect(gate.take()).toBe('in 15000')
    gate.wait(-day)
    expect(gate.take()).toBe('in 10000')
    gate.wait(10 * second)
    expect(gate.take()).toBe(5 * second - day)
  })

  test('what is told by a clock that is a little behind holds for as long by the one that is ahead', () => {
    const gate = setup({ spacingMs: 1, waitInPlaceMs: 0 })
    gate.take()
    gate.wait(-second)
    gate.throttled(10 * second)
    gate.wait(second)
    expect(gate.take()).toBe('in 10000')
  })

  test('what an answer asked for, a breaker and a pause keep their length', () => {
    const gate = setup({ breaker: { failureThreshold: 1, recoveryMs: 2 * minute }, waitInPlaceMs: 0 })
    gate.throttled(minute)
    gate.report('failed')
    gate.wait(-day)
    expect(gate.take()).toBe('in 120000')
    expect(gate.view()).toMatchObject({ because: 'breaker' })
    gate.wait(2 * minute)
    expect(gate.take()).toBe(2 * minute - day)
  })
})

test('two clocks that differ, asked in turn, never give more than the limit by either', () => {
  const asks = fc.array(fc.record({ wait: fc.nat(400), ahead: fc.boolean() }), {
    minLength: 100,
    maxLength: 200,
  })
  const property = fc.property(fc.integer({ min: 1, max: 2_000 }), asks, (differenceMs, asks) => {
    const gate = setup({ rates: [{ limit: 3, perMs: second }], waitInPlaceMs: 0 })
    const permits: number[] = []
    let real = 0
    let read = 0
    for (const { wait, ahead } of asks) {
      real += wait
      const now = real + (ahead ? differenceMs : 0)
      gate.wait(now - read)
      read = now
      if (typeof gate.take() === 'number') permits.push(real)
    }
    expect(mostIn(permits, Math.max(1, second - differenceMs))).toBeLessThanOrEqual(3)
  })
  fc.assert(property, { numRuns: 100 })
})
