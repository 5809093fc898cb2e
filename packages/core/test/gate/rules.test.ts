import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type GateOptions, gateRules } from '../../src/gate/options.js'
import { freshGate, type GateState, report, take } from '../../src/gate/rules.js'

const second = 1_000
const minute = 60 * second

/** A gate in virtual time. */
function setup(options: Partial<GateOptions> = {}) {
  const rules = gateRules({ key: 'test', ...options })
  let state: GateState = freshGate
  let now = Date.UTC(2026, 0, 1)
  const start = now
  const keep = (next: GateState) => {
    state = next
  }

  return {
    /** The instant of the permit since the start, or how long to wait as text. */
    take(withinMs = rules.waitInPlaceMs): number | string {
      const taken = take(state, rules, now, withinMs)
      if (!taken.permit) return `in ${taken.waitMs}`
      keep(taken.state)
      return taken.at - start
    },
    report: (kind: 'ok' | 'failed') => keep(report(state, rules, { kind }, now)),
    throttled: (retryAfterMs: number | null) =>
      keep(report(state, rules, { kind: 'throttled', retryAfterMs }, now)),
    wait(ms: number) {
      now += ms
    },
    state: () => state,
  }
}

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

  test('nor when the clock steps back in between', () => {
    const steps = fc.array(
      fc.record({ wait: fc.nat(1_500), back: fc.oneof(fc.constant(0), fc.nat(100_000)) }),
      {
        minLength: 50,
        maxLength: 200,
      },
    )
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
    fc.assert(property, { numRuns: 100 })
  })

  test('a clock that steps back closes a gate for a minute or so, not for the length of the step', () => {
    const gate = setup({ rates: [{ limit: 1, perMs: second }], spacingMs: 500, waitInPlaceMs: 0 })
    gate.take()
    gate.wait(-24 * 60 * minute)
    expect(gate.take()).toBe('in 61000')
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

  test('halves the rate for a while if asked to, and lets it come back evenly', () => {
    const gate = setup({
      rates: [{ limit: 1, perMs: second }],
      slowAfterBlocked: { factor: 0.5, forMs: 100 * second },
      waitInPlaceMs: minute,
    })
    gate.throttled(10 * second)
    gate.wait(10 * second)
    expect([gate.take(), gate.take()]).toEqual([10_000, 12_000])
    gate.wait(50 * second)
    expect([gate.take(), gate.take()]).toEqual([60_000, 61_334])
    gate.wait(50 * second)
    expect([gate.take(), gate.take()]).toEqual([110_000, 111_000])
  })

  test('a clock that steps back does not keep the gate closed for the length of the step', () => {
    const gate = setup({ blockedMaxMs: minute, breaker: { recoveryMs: minute }, waitInPlaceMs: 0 })
    gate.throttled(minute)
    for (let failure = 0; failure < 5; failure++) gate.report('failed')
    gate.wait(-24 * 60 * minute)
    expect(gate.take()).toBe('in 60000')
  })
})

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
    expect(gate.take(), 'a second one waits for the verdict').toBe('in 6000')
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
    const gate = opened(setup({ breaker }))
    gate.wait(minute)
    gate.take()
    gate.wait(minute / 10)
    expect(gate.take()).toBe(66_000)
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

  function opened(gate: ReturnType<typeof setup>) {
    for (let failure = 0; failure < 3; failure++) gate.report('failed')
    return gate
  }
})

/** Asks until refused, at each of these instants. */
function permitsOf(gate: ReturnType<typeof setup>, waits: readonly number[], mostAtOnce = 20): number[] {
  return waits.flatMap(ms => {
    gate.wait(ms)
    const permits: number[] = []
    for (let left = mostAtOnce; left > 0; left--) {
      const at = gate.take()
      if (typeof at === 'string') break
      permits.push(at)
    }
    return permits
  })
}

function mostIn(permits: readonly number[], perMs: number): number {
  const sorted = [...permits].sort((a, b) => a - b)
  let [most, oldest] = [0, 0]
  sorted.forEach((at, index) => {
    while ((sorted[oldest] ?? at) <= at - perMs) oldest++
    most = Math.max(most, index - oldest + 1)
  })
  return most
}

function leastGap(permits: readonly number[]): number {
  return Math.min(...permits.slice(1).map((at, index) => at - (permits[index] ?? at)))
}

function longestRun(permits: readonly number[], gapMs: number): number {
  let [run, longest, last] = [0, 0, Number.NEGATIVE_INFINITY]
  for (const at of permits) {
    run = at - last >= gapMs ? 1 : run + 1
    longest = Math.max(longest, run)
    last = at
  }
  return longest
}
