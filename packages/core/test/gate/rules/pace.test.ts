import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Pace, shareAt, slowed } from '../../../src/gate/rules/pace.js'
import { minute, mostIn, permitsOf, second, setup } from './virtual-gate.js'

describe('after "too many requests"', () => {
  test('the rate is halved, and comes back by a tenth a minute from when the gate opens', () => {
    const gate = setup({ rates: [{ limit: 1, perMs: second }], slowAfterBlocked: {}, waitInPlaceMs: minute })
    gate.throttled(10 * second)
    const paces = [gate.view().pace]
    gate.wait(10 * second)
    expect([gate.take(), gate.take()]).toEqual([10_000, 12_000])
    for (let minutes = 0; minutes < 6; minutes++) {
      gate.wait(minute)
      paces.push(gate.view().pace)
    }
    expect(paces).toEqual([0.5, 0.6, 0.7, 0.8, 0.9, 1, 1].map(pace => expect.closeTo(pace)))
    expect([gate.take(), gate.take()]).toEqual([370_000, 371_000])
  })

  test('each falls further, but never below the least', () => {
    const gate = setup({ spacingMs: second, slowAfterBlocked: { least: 0.2 }, waitInPlaceMs: 0 })
    const paces = [1, 2, 3, 4].map(() => {
      gate.throttled(5 * second)
      gate.wait(5 * second)
      return gate.view().pace
    })
    expect(paces).toEqual([0.5, 0.25, 0.2, 0.2])
  })

  test('a burst of refusals is one: those that come before the gate opens, or within a second', () => {
    const gate = setup({ spacingMs: second, slowAfterBlocked: {} })
    for (let refused = 0; refused < 5; refused++) gate.throttled(0)
    expect(gate.view().pace).toBe(0.5)
    gate.wait(second)
    gate.throttled(0)
    expect(gate.view().pace).toBe(0.25)
  })

  test('a storm that does not end slows the gate down to the least', () => {
    const gate = setup({ spacingMs: 10, slowAfterBlocked: {} })
    for (let refused = 0; refused < 100; refused++) {
      gate.throttled(0)
      gate.wait(100)
    }
    expect(gate.view().pace).toBe(0.1)
  })

  test('nothing slows down unless asked for', () => {
    const gate = setup({ rates: [{ limit: 1, perMs: second }], waitInPlaceMs: minute })
    gate.throttled(0)
    expect([gate.take(), gate.take()]).toEqual([0, 1_000])
  })

  test('coming back costs no write', () => {
    const gate = setup({ spacingMs: second, slowAfterBlocked: {} })
    gate.throttled(0)
    const before = gate.state()
    gate.wait(10 * minute)
    gate.report('ok')
    expect(gate.view().pace).toBe(1)
    expect(gate.state()).toBe(before)
  })
})

describe('the pace, as a rule', () => {
  const rules = fc.record({
    factor: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
    least: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
    step: fc.double({ min: 0.001, max: 1, noNaN: true }),
    everyMs: fc.integer({ min: 1, max: 100_000 }),
  })
  const events = fc.array(fc.record({ wait: fc.nat(50_000), closedMs: fc.option(fc.nat(20_000)) }), {
    maxLength: 60,
  })

  test('stays between the least and all, falls by the factor at most, and never falls by itself', () => {
    const property = fc.property(rules, events, (rules, events) => {
      let pace: Pace | null = null
      let now = 0
      for (const { wait, closedMs } of events) {
        const before = shareAt(pace, rules, now)
        now += wait
        const share = shareAt(pace, rules, now)
        expect(share).toBeGreaterThanOrEqual(before)
        if (closedMs !== null) pace = slowed(pace, rules, now, now + closedMs)
        const after = shareAt(pace, rules, now)
        expect(after).toBeLessThanOrEqual(1)
        expect(after).toBeGreaterThanOrEqual(Math.min(rules.least, share))
        expect(after).toBeGreaterThanOrEqual(share * rules.factor - 1e-12)
      }
    })
    fc.assert(property)
  })

  test('is all back after as many steps as are missing, and not before', () => {
    const property = fc.property(rules, rules => {
      const pace = slowed(null, rules, 0, 0) as Pace
      const steps = Math.ceil((1 - pace.share) / rules.step)
      const back = pace.since + steps * rules.everyMs
      expect(shareAt(pace, rules, back + rules.everyMs)).toBe(1)
      if (steps > 1) expect(shareAt(pace, rules, back - rules.everyMs - 1)).toBeLessThan(1)
    })
    fc.assert(property)
  })

  test('holds at the gate: at half the rate, no window of twice the length holds more than the limit', () => {
    const waits = fc.array(fc.nat(900), { minLength: 30, maxLength: 80 })
    const property = fc.property(fc.constantFrom(1, 5, 200), waits, (limit, waits) => {
      const gate = setup({ rates: [{ limit, perMs: second }], slowAfterBlocked: {}, waitInPlaceMs: 0 })
      gate.throttled(0)
      gate.wait(second)
      expect(mostIn(permitsOf(gate, waits), 2 * second)).toBeLessThanOrEqual(limit)
    })
    fc.assert(property, { numRuns: 25 })
  })
})
