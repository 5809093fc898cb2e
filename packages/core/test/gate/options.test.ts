import { describe, expect, test } from 'vitest'
import { gateRules } from '../../src/gate/gate-rules.js'
import type { GateOptions } from '../../src/gate/options.js'

test('a key is enough: the rest has defaults', () => {
  expect(gateRules({ key: 'workiz' })).toEqual({
    key: 'workiz',
    rates: [],
    spacingMs: 0,
    pauseAfter: null,
    breaker: null,
    blockedMs: 20_000,
    blockedMaxMs: 3_600_000,
    slowAfterBlocked: null,
    learnedForMs: 600_000,
    scope: 'shared',
    whenStoreFails: 'closed',
    waitInPlaceMs: 2_000,
  })
  expect(gateRules({ key: 'workiz', breaker: {} }).breaker).toEqual({
    failureThreshold: 5,
    recoveryMs: 300_000,
    halfOpenMax: 1,
    probeMs: 60_000,
  })
  expect(gateRules({ key: 'workiz', breaker: { recoveryMs: 5_000 } }).breaker?.probeMs).toBe(5_000)
  expect(gateRules({ key: 'workiz', spacingMs: 1, slowAfterBlocked: {} }).slowAfterBlocked).toEqual({
    factor: 0.5,
    least: 0.1,
    step: 0.1,
    everyMs: 60_000,
  })
})

test('what is undefined is as good as absent', () => {
  const nothing = { rates: undefined, spacingMs: undefined, breaker: { recoveryMs: undefined } } as never
  expect(gateRules({ key: 'workiz', ...(nothing as object) })).toEqual(
    gateRules({ key: 'workiz', breaker: {} }),
  )
})

describe('refused as invalid_gate:', () => {
  const rate = { limit: 1, perMs: 1_000 }
  const cases: readonly (readonly [because: string, options: object])[] = [
    ['`key` must have', { key: '' }],
    ['`key` must have', { key: 7 }],
    ['`rate` is unknown', { rate: [rate] }],
    ['`spacing` is unknown', { spacing: 1_000 }],
    ['`rates.per` is unknown', { rates: [{ ...rate, per: 1 }] }],
    ['`rates` must be a list', { rates: rate }],
    ['`pauseAfter.call` is unknown', { pauseAfter: { call: 1, pauseMs: 1 } }],
    ['`breaker` must be an object, not true', { breaker: true }],
    ['`breaker.threshold` is unknown', { breaker: { threshold: 2 } }],
    ["`scope` must be 'shared' or 'local'", { scope: 'global' }],
    ["`whenStoreFails` must be 'closed' or 'open'", { whenStoreFails: 'wait' }],
    ['`learnedForMs` must be', { learnedForMs: -1 }],
    ['`breaker.probeMs` must be', { breaker: { probeMs: 0 } }],
    ['`rates.limit` must be a whole number from 1 to 1000000, not 0', { rates: [{ limit: 0, perMs: 1 }] }],
    ['`rates.limit` must be', { rates: [{ limit: 1.5, perMs: 1 }] }],
    ['`rates.perMs` must be', { rates: [{ limit: 1, perMs: Number.POSITIVE_INFINITY }] }],
    ['`rates` must be up to 8, with different `perMs`', { rates: [rate, rate] }],
    ['`spacingMs` must be', { spacingMs: -1 }],
    ['`spacingMs` must be', { spacingMs: Number.NaN }],
    ['`pauseAfter.calls` must be', { pauseAfter: { calls: 0, pauseMs: 1 } }],
    ['`pauseAfter.pauseMs` must be', { pauseAfter: { calls: 1, pauseMs: 0 } }],
    ['`breaker.failureThreshold` must be', { breaker: { failureThreshold: 0 } }],
    ['`breaker.recoveryMs` must be', { breaker: { recoveryMs: 0 } }],
    ['`breaker.halfOpenMax` must be', { breaker: { halfOpenMax: 101 } }],
    ['`blockedMs` must be a whole number from 0 to 1000', { blockedMs: 2_000, blockedMaxMs: 1_000 }],
    ['`blockedMaxMs` must be', { blockedMaxMs: 1e12 }],
    ['`waitInPlaceMs` must be', { waitInPlaceMs: 60_001 }],
    ['`slowAfterBlocked` needs', { slowAfterBlocked: {} }],
    ['`slowAfterBlocked.factor` must be', { rates: [rate], slowAfterBlocked: { factor: 1 } }],
    ['`slowAfterBlocked.least` must be', { rates: [rate], slowAfterBlocked: { least: 0 } }],
    ['`slowAfterBlocked.step` must be', { rates: [rate], slowAfterBlocked: { step: 0 } }],
    ['`slowAfterBlocked.everyMs` must be', { rates: [rate], slowAfterBlocked: { everyMs: 0 } }],
  ]

  test.each(cases)('%s %o', (because, options) => {
    const attempt = () => gateRules({ key: 'workiz', ...options } as GateOptions)
    expect(attempt).toThrow(expect.objectContaining({ code: 'invalid_gate' }))
    expect(attempt).toThrow(because)
  })
})

test('a gate that is a promise says that it can not be one', () => {
  expect(() => gateRules(Promise.resolve({ key: 'workiz' }) as never)).toThrow("a gate can't be a promise")
})

test('an error names the gate and all that is wrong', () => {
  expect(() => gateRules({ key: 'workiz', spacingMs: -1, waitInPlaceMs: -2 })).toThrow(
    /^Gate "workiz": `spacingMs` must .*, not -1; `waitInPlaceMs` must .*, not -2\.$/,
  )
})
