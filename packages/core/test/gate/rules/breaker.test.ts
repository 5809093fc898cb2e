import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { minute, setup, type VirtualGate } from './virtual-gate.js'

describe('the breaker', () => {
  const breaker = { failureThreshold: 3, recoveryMs: minute }

  test('opens after failures in a row, and makes callers wait', () => {
    const gate = setup({ breaker })
    gate.report('failed')
    gate.report('failed')
    gate.report('ok')
    gate.report('failed')
    gate.report('failed')
    expect(gate.take(), 'one success in between').toBe(0)
    gate.report('failed')
    expect(gate.take()).toBe('in 60000')
  })

  test('lets one call try after the recovery, and closes when it goes well', () => {
    const gate = opened(setup({ breaker }))
    gate.wait(minute)
    expect(gate.take()).toBe(60_000)
    expect(gate.take(), 'a second one asks again soon: the verdict may be near').toBe('in 6000')
    gate.report('ok')
    expect([gate.take(), gate.take()]).toEqual([60_000, 60_000])
  })

  test('opens again when the call that tried fails', () => {
    const gate = opened(setup({ breaker }))
    gate.wait(minute)
    gate.take()
    gate.report('failed')
    expect(gate.take()).toBe('in 60000')
  })

  test('lets as many try at once as it is told', () => {
    const gate = opened(setup({ breaker: { ...breaker, halfOpenMax: 2 } }))
    gate.wait(minute)
    expect([gate.take(), gate.take(), gate.take()]).toEqual([60_000, 60_000, 'in 6000'])
  })

  test('does not wait for ever for a caller that died (D3)', () => {
    const gate = opened(setup({ breaker: { ...breaker, probeMs: 10_000 } }))
    gate.wait(minute)
    gate.take()
    gate.wait(9_999 - 2_000)
    expect(gate.take()).toBe('in 2001')
    gate.wait(2_001)
    expect(gate.take()).toBe(70_000)
  })

  test('lets exactly so many try as it is told, however often it is asked', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.nat(500), { minLength: 20, maxLength: 60 }),
      (halfOpenMax, waits) => {
        const gate = opened(setup({ breaker: { ...breaker, halfOpenMax, probeMs: minute } }))
        gate.wait(minute - 1_000)
        const permits = waits.flatMap(ms => {
          gate.wait(ms)
          const at = gate.take()
          return typeof at === 'number' ? [at] : []
        })
        expect(permits.length).toBeLessThanOrEqual(halfOpenMax)
        expect(permits.every(at => at >= minute)).toBe(true)
      },
    )
    fc.assert(property, { numRuns: 100 })
  })

  test('takes a place back whose call told nothing', () => {
    const gate = opened(setup({ breaker }))
    gate.wait(minute)
    gate.take()
    gate.report('unknown')
    expect(gate.take()).toBe(60_000)
  })

  test('is not told anything by answers to calls from before it opened', () => {
    const gate = opened(setup({ breaker }))
    gate.wait(minute / 2)
    gate.report('ok')
    gate.report('failed')
    expect(gate.take()).toBe('in 30000')
  })

  test('does not count "too many requests" as a failure', () => {
    const gate = setup({ breaker: { ...breaker, failureThreshold: 1 } })
    gate.throttled(0)
    expect(gate.take()).toBe(0)

    opened(gate).wait(minute)
    gate.take()
    gate.throttled(0)
    expect(gate.take(), 'and half open another call may try').toBe(60_000)
  })

  test('is off unless asked for', () => {
    const gate = opened(setup())
    expect(gate.take()).toBe(0)
  })

  function opened(gate: VirtualGate) {
    for (let failure = 0; failure < 3; failure++) gate.report('failed')
    return gate
  }
})
