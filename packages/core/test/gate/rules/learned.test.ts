import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RateLimit } from '../../../src/gate/index.js'
import { minute, second, setup, type VirtualGate } from './virtual-gate.js'

const nothing: RateLimit = { limit: null, remaining: null, resetMs: null, windowMs: null }
const told = (gate: VirtualGate, ...limits: Partial<RateLimit>[]) =>
  gate.tell({ kind: 'ok', limits: limits.map(limit => ({ ...nothing, ...limit })) })
const learned = (gate: VirtualGate) => gate.view().learned.map(({ limit, perMs }) => [limit, perMs])

describe('a quota that is used up', () => {
  test('closes the gate until its reset', () => {
    const gate = setup({ waitInPlaceMs: 0 })
    told(gate, { limit: 100, remaining: 0, resetMs: 30 * second })
    expect(gate.take()).toBe('in 30000')
    expect(gate.view()).toMatchObject({ state: 'closed', because: 'no_quota_left' })
    gate.wait(30 * second)
    expect(gate.take()).toBe(30_000)
  })

  test('closes it for the longest of several, a whole window where no reset is told, and never beyond the cap', () => {
    const gate = setup({ waitInPlaceMs: 0, blockedMaxMs: 2 * minute })
    told(
      gate,
      { remaining: 0, resetMs: second },
      { remaining: 0, windowMs: minute },
      { remaining: 1, resetMs: 1e9 },
    )
    expect(gate.take()).toBe('in 60000')
    told(gate, { remaining: 0, resetMs: 1e12 })
    expect(gate.take()).toBe('in 120000')
  })

  test('does not close it where nobody knows for how long', () => {
    const gate = setup()
    told(gate, { limit: 100, remaining: 0 })
    expect(gate.take()).toBe(0)
  })

  test('gives way to a Retry-After', () => {
    const gate = setup({ waitInPlaceMs: 0 })
    const limits = [{ ...nothing, remaining: 0, resetMs: 30 * minute }]
    gate.tell({ kind: 'throttled', retryAfterMs: 5 * second, limits })
    expect(gate.take()).toBe('in 5000')
  })

  test('is not opened again by an answer that was on its way', () => {
    const gate = setup({ waitInPlaceMs: 0 })
    told(gate, { remaining: 0, resetMs: 30 * second })
    told(gate, { remaining: 3, resetMs: 30 * second })
    expect(gate.take()).toBe('in 30000')
  })
})

describe('a limit lower than configured', () => {
  test('is kept to for the stated time, and then forgotten', () => {
    const gate = setup({ rates: [{ limit: 100, perMs: second }], learnedForMs: minute, waitInPlaceMs: 0 })
    told(gate, { limit: 2, windowMs: second })
    expect([gate.take(), gate.take(), gate.take()]).toEqual([0, 0, 'in 1000'])
    gate.wait(minute)
    expect([gate.take(), gate.take(), gate.take()]).toEqual([minute, minute, minute])
    expect(learned(gate)).toEqual([])
  })

  test('may have a window of its own, beside the configured ones', () => {
    const gate = setup({ rates: [{ limit: 10, perMs: second }], waitInPlaceMs: 0 })
    told(gate, { limit: 3, windowMs: minute })
    expect([gate.take(), gate.take(), gate.take(), gate.take()]).toEqual([0, 0, 0, 'in 60000'])
  })

  test('makes a gate that had no limit', () => {
    const gate = setup({ waitInPlaceMs: 0 })
    told(gate, { limit: 1, windowMs: minute })
    expect([gate.take(), gate.take()]).toEqual([0, 'in 60000'])
  })

  test.each([
    ['as high as the configured one', { limit: 10, windowMs: second }],
    ['that the configured one keeps anyway', { limit: 600, windowMs: minute }],
    ['that the spacing keeps anyway', { limit: 20, windowMs: second }],
    ['of nothing', { limit: 0, windowMs: second }],
    ['beyond any limit', { limit: 1e12, windowMs: second }],
    ['over longer than any window', { limit: 1, windowMs: 1e12 }],
    ['without a window, of a reset that lies beyond the configured one', { limit: 5, resetMs: minute }],
    ['without a window and a reset', { limit: 5 }],
  ])('is none: %s', (_, limit) => {
    const gate = setup({ rates: [{ limit: 10, perMs: second }], spacingMs: 50 })
    told(gate, limit)
    expect(learned(gate)).toEqual([])
  })

  test('without a window means the one that the gate has, if its reset lies within', () => {
    const gate = setup({ rates: [{ limit: 10, perMs: minute }] })
    told(gate, { limit: 5, remaining: 4, resetMs: 59 * second })
    expect(learned(gate)).toEqual([[5, minute]])
  })

  test('stands against a higher one until its time is over, so that two endpoints do not take turns', () => {
    const gate = setup({ rates: [{ limit: 100, perMs: minute }], learnedForMs: minute })
    told(gate, { limit: 20, windowMs: minute })
    const before = gate.state()
    told(gate, { limit: 50, windowMs: minute })
    expect(gate.state()).toBe(before)
    told(gate, { limit: 10, windowMs: minute })
    expect(learned(gate)).toEqual([[10, minute]])
    gate.wait(minute)
    told(gate, { limit: 50, windowMs: minute })
    expect(learned(gate)).toEqual([[50, minute]])
  })

  test('is renewed by answers that tell of it, which rarely costs a write', () => {
    const gate = setup({ rates: [{ limit: 100, perMs: minute }], learnedForMs: minute })
    let writes = 0
    for (let calls = 0; calls < 180; calls++) {
      const before = gate.state()
      told(gate, { limit: 20, remaining: 7, windowMs: minute })
      if (gate.state() !== before) writes++
      gate.wait(second)
    }
    expect(writes).toBe(6)
    expect(learned(gate)).toEqual([[20, minute]])
  })

  test('is not looked at when learning is off', () => {
    const gate = setup({ learnedForMs: 0 })
    told(gate, { limit: 1, remaining: 0, windowMs: minute, resetMs: minute })
    expect([gate.take(), gate.take()]).toEqual([0, 0])
  })
})

test('an answer without a quota whose reset is no number closes nothing', () => {
  const gate = setup({ rates: [{ limit: 5, perMs: second }] })
  gate.tell({ kind: 'ok', limits: [{ limit: null, remaining: 0, resetMs: Number.NaN, windowMs: null }] })
  expect(gate.take()).toBe(0)
})

test('whatever answers tell, the state stays small and the gate opens again within the cap', () => {
  const number = fc.option(fc.oneof(fc.nat(200), fc.double(), fc.maxSafeInteger()))
  const limit = fc.record({ limit: number, remaining: number, resetMs: number, windowMs: number })
  const property = fc.property(fc.array(fc.array(limit, { maxLength: 5 }), { maxLength: 40 }), answers => {
    const gate = setup({ rates: [{ limit: 5, perMs: second }], blockedMaxMs: minute })
    for (const limits of answers) {
      gate.tell({ kind: 'ok', limits })
      gate.take()
      gate.wait(10)
    }
    expect(JSON.parse(JSON.stringify(gate.state()))).toEqual(gate.state())
    expect(gate.state().learned.length).toBeLessThanOrEqual(8)
    gate.wait(32 * 24 * 60 * minute)
    expect(gate.take()).toBeTypeOf('number')
  })
  fc.assert(property, { numRuns: 200 })
})
