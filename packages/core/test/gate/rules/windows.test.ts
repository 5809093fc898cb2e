import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Rate } from '../../../src/gate/options.js'
import {
  leastGap,
  longestRun,
  minute,
  mostIn,
  permitsOf,
  second,
  setup,
  type VirtualGate,
} from './virtual-gate.js'

describe('windows', () => {
  test('a gate without limits always opens at once', () => {
    const gate = setup()
    expect([gate.take(), gate.take(), gate.take()]).toEqual([0, 0, 0])
  })

  test('callers get the next free instants in the order in which they came, or are told to come back', () => {
    const gate = setup({ rates: [{ limit: 1, perMs: second }] })
    expect([gate.take(), gate.take(), gate.take()]).toEqual([0, 1_000, 2_000])
    expect(gate.take()).toBe('in 3000')
    expect(gate.take(), 'a refusal takes nothing').toBe('in 3000')
    gate.wait(1_500)
    expect(gate.take()).toBe(3_000)
  })

  test('several windows hold at once', () => {
    const gate = setup({
      rates: [
        { limit: 1, perMs: second },
        { limit: 3, perMs: minute },
      ],
    })
    expect([gate.take(), gate.take(), gate.take()]).toEqual([0, 1_000, 2_000])
    expect(gate.take()).toBe('in 60000')
  })

  test('calls are spaced', () => {
    const gate = setup({ spacingMs: 300 })
    expect([gate.take(), gate.take(), gate.take()]).toEqual([0, 300, 600])
  })

  test('no window ever holds more than its limit, at any rhythm (D1)', () => {
    const rate = fc.record({
      limit: fc.integer({ min: 1, max: 300 }),
      perMs: fc.integer({ min: 1, max: 5_000 }),
    })
    const rates = fc.uniqueArray(rate, { minLength: 1, maxLength: 3, selector: ({ perMs }) => perMs })
    const waits = fc.array(fc.oneof(fc.constant(0), fc.nat(50), fc.nat(6_000)), {
      minLength: 50,
      maxLength: 150,
    })
    const property = fc.property(
      rates,
      fc.nat(500),
      fc.nat(minute),
      waits,
      (rates, spacingMs, waitInPlaceMs, waits) => {
        const gate = setup({ rates, spacingMs, waitInPlaceMs })
        const permits = permitsOf(gate, waits)
        for (const { limit, perMs } of rates) expect(mostIn(permits, perMs)).toBeLessThanOrEqual(limit)
        expect(leastGap(permits)).toBeGreaterThanOrEqual(spacingMs)
      },
    )
    fc.assert(property, { numRuns: 100 })
  })

  test('nor at any pace, with limits that are learned and forgotten on the way', () => {
    const step = fc.record({
      wait: fc.nat(700),
      told: fc.option(fc.integer({ min: 1, max: 40 })),
      slow: fc.boolean(),
    })
    const steps = fc.array(step, { minLength: 50, maxLength: 150 })
    const property = fc.property(fc.constantFrom(1, 7, 100), steps, (limit, steps) => {
      const gate = setup({ rates: [{ limit, perMs: second }], slowAfterBlocked: {}, learnedForMs: 5_000 })
      const permits = steps.flatMap(({ wait, told, slow }) => {
        if (told) gate.tell({ kind: 'ok', limits: [{ ...nothingTold, limit: told, windowMs: 2 * second }] })
        if (slow) gate.throttled(0)
        return permitsOf(gate, [wait])
      })
      expect(mostIn(permits, second)).toBeLessThanOrEqual(limit)
    })
    fc.assert(property, { numRuns: 50 })
  })

  test('a limit is also reached: small ones exactly, large ones but for a sixty-fourth', () => {
    for (const [limit, least] of [
      [5, 5 * 60],
      [640, 640 * 59],
    ] as const) {
      const gate = setup({ rates: [{ limit, perMs: second }], waitInPlaceMs: 0 })
      const permits = permitsOf(
        gate,
        Array.from({ length: 60_000 }, () => 1),
        1_000,
      )
      expect(permits.length, `limit ${limit}`).toBeGreaterThanOrEqual(least)
    }
  })

  test('the state stays small under a large limit', () => {
    const gate = setup({ rates: [{ limit: 1_000_000, perMs: 3_600_000 }] })
    for (let call = 0; call < 20_000; call++) {
      gate.take()
      gate.wait(180)
    }
    expect(JSON.stringify(gate.state()).length).toBeLessThan(2_500)
    expect(JSON.parse(JSON.stringify(gate.state())), 'and is JSON').toEqual(gate.state())
  })
})

describe('workers with different rates', () => {
  test('count all calls of each other, while both run', () => {
    const [old, young] = twoWorkers([{ limit: 2, perMs: minute }], [{ limit: 10, perMs: second }])
    expect([old.take(), young.take(), old.take()]).toEqual([0, 0, 'in 60000'])
  })

  test('keep to their own limit where only that differs', () => {
    const [old, young] = twoWorkers([{ limit: 1, perMs: minute }], [{ limit: 3, perMs: minute }])
    expect([young.take(), old.take(), young.take(), young.take(), young.take()]).toEqual([
      0,
      'in 60000',
      0,
      0,
      'in 60000',
    ])
  })

  test('leave nothing behind: a window that nobody keeps any more is forgotten', () => {
    const [old, young, wait] = twoWorkers([{ limit: 2, perMs: minute }], [{ limit: 10, perMs: second }])
    old.take()
    for (let ask = 0; ask < 3; ask++) {
      wait(minute / 2)
      young.take()
    }
    expect(young.state().windows.map(({ perMs }) => perMs)).toEqual([second])
  })
})

describe('a pause after so many calls', () => {
  test('comes after 25 calls, and a natural gap counts as one', () => {
    const gate = setup({
      spacingMs: second,
      pauseAfter: { calls: 25, pauseMs: 20 * second },
      waitInPlaceMs: minute,
    })
    const first = Array.from({ length: 26 }, () => gate.take())
    expect(first.slice(24)).toEqual([24_000, 44_000])

    gate.wait(44_000 + 20_000)
    expect(gate.take()).toBe(64_000)
    const second_ = Array.from({ length: 25 }, () => gate.take())
    expect(second_.slice(23)).toEqual([88_000, 108_000])
  })

  test('never more calls than that without a gap, at any rhythm', () => {
    const waits = fc.array(fc.oneof(fc.nat(200), fc.nat(3_000)), { minLength: 50, maxLength: 300 })
    const property = fc.property(fc.integer({ min: 1, max: 10 }), waits, (calls, waits) => {
      const gate = setup({ pauseAfter: { calls, pauseMs: 2_000 }, waitInPlaceMs: 5_000 })
      expect(longestRun(permitsOf(gate, waits), 2_000)).toBeLessThanOrEqual(calls)
    })
    fc.assert(property, { numRuns: 200 })
  })
})

const nothingTold = { limit: null, remaining: null, resetMs: null, windowMs: null }

/** Two workers that share one state, and what moves the time of both. */
function twoWorkers(one: readonly Rate[], other: readonly Rate[]) {
  const [first, second] = [one, other].map(rates => setup({ rates, waitInPlaceMs: 0 })) as [
    VirtualGate,
    VirtualGate,
  ]
  const turn = (mine: VirtualGate, others: VirtualGate) => ({
    ...mine,
    take() {
      mine.change(() => others.state())
      const taken = mine.take()
      others.change(() => mine.state())
      return taken
    },
  })
  const wait = (ms: number) => [first, second].forEach(gate => void gate.wait(ms))
  return [turn(first, second), turn(second, first), wait] as const
}
