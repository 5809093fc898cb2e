import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type EtaState, estimate, type Observation, observe } from '../../src/progress/eta.js'

const second = 1_000
const hour = 3_600 * second

/** A job that moves as it is told, and writes its state as JSON after every step. */
function setup({ total = 1_000 }: { total?: number | null } = {}) {
  let state: EtaState | null = null
  let done = 0
  let now = Date.UTC(2026, 0, 1)

  const see = (spent: Observation['spent'] & string) => {
    state = JSON.parse(JSON.stringify(observe(state, { done, now, spent }))) as EtaState
  }
  see('working')

  return {
    work(items: number, msPerItem: number, batch = 5) {
      for (let left = items; left > 0; left -= batch) {
        done += Math.min(batch, left)
        now += Math.min(batch, left) * msPerItem
        see('working')
      }
    },
    spend(ms: number, spent: 'waiting' | 'paused' | 'down') {
      now += ms
      see(spent)
    },
    eta: (now_ = 0, newTotal: number | null = total) =>
      estimate(state, { done, total: newTotal, now: now + now_ }),
    size: () => JSON.stringify(state).length,
  }
}

function off(actual: number | undefined, expected: number): number {
  return Math.abs((actual ?? Number.NaN) - expected) / expected
}

describe('an estimate is null', () => {
  test('while the total is unknown', () => {
    const job = setup({ total: null })
    job.work(100, second)
    expect(job.eta()).toBeNull()
  })

  test('until 5 items and a second were seen', () => {
    const job = setup()
    expect(job.eta()).toBeNull()
    job.work(4, second, 1)
    expect(job.eta()).toBeNull()
    job.work(1, second)
    expect(job.eta()).toMatchObject({ remainingMs: 995 * second })

    const fast = setup()
    fast.work(500, 1)
    expect(fast.eta()).toBeNull()
  })

  test('before the first checkpoint, but all done is done', () => {
    expect(estimate(null, { done: 1, total: 2, now: 0 })).toBeNull()
    expect(estimate(null, { done: 2, total: 2, now: 0 })).toEqual({ remainingMs: 0, lowMs: 0, highMs: 0 })
  })
})

test('at a constant rate the estimate is exact after a tenth of the work', () => {
  const job = setup()
  job.work(100, second)
  const { remainingMs, lowMs, highMs } = job.eta() ?? {}
  expect(remainingMs).toBe(900 * second)
  expect(Number(highMs) - Number(lowMs), 'rounding alone').toBeLessThanOrEqual(2)
})

test('a total that doubles doubles the estimate at once', () => {
  const job = setup({ total: 1_000 })
  job.work(500, second)
  expect(off(job.eta(0, 2_000)?.remainingMs, 1_500 * second)).toBeLessThan(0.01)
})

test('a total that falls below what is done leaves nothing to wait for', () => {
  const job = setup()
  job.work(500, second)
  expect(job.eta(0, 400)).toEqual({ remainingMs: 0, lowMs: 0, highMs: 0 })
})

test('after the pace halved, the estimate follows within a tenth of the work', () => {
  const job = setup()
  job.work(400, second)
  job.work(100, 2 * second)
  expect(off(job.eta()?.remainingMs, 500 * 2 * second)).toBeLessThan(0.25)
})

test('throttled bursts neither explode in the pause nor vanish in the burst', () => {
  const job = setup({ total: 2_500 })
  const burst = () => {
    job.work(25, second)
    return job.eta()?.remainingMs
  }
  const pause = () => {
    job.spend(20 * second, 'waiting')
    return job.eta()?.remainingMs
  }
  for (let round = 0; round < 20; round++) [burst(), pause()]

  for (let round = 20; round < 90; round++) {
    const leftMs = (99 - round) * 45 * second
    expect(off(burst(), leftMs + 20 * second)).toBeLessThan(0.1)
    expect(off(pause(), leftMs)).toBeLessThan(0.1)
  }
})

test('a pause by a person is not work: 10 s of work, an hour, 10 s of work (F4)', () => {
  const job = setup({ total: 100 })
  job.work(10, second)
  job.spend(hour, 'paused')
  job.work(10, second)
  expect(off(job.eta()?.remainingMs, 80 * second)).toBeLessThan(0.1)
})

test('a crash neither resets nor poisons the estimate (F4)', () => {
  const job = setup()
  job.work(400, second)
  const before = job.eta()?.remainingMs
  job.spend(hour, 'down')
  expect(off(job.eta()?.remainingMs, before ?? 0)).toBeLessThan(0.01)
  job.work(5, 3 * second)
  expect(off(job.eta()?.remainingMs, 595 * second), 'after a slow first batch').toBeLessThan(0.2)
})

test('between checkpoints the rest runs down by one usual step, and a delay does not make it vanish', () => {
  const job = setup()
  job.work(500, second)
  expect(job.eta(3 * second)?.remainingMs).toBe(497 * second)
  expect(job.eta(hour)?.remainingMs).toBeGreaterThan(490 * second)
})

test('one long step counts as many short ones do', () => {
  const [often, once] = [setup(), setup()]
  for (const job of [often, once]) job.work(200, 2 * second)
  often.work(100, second, 1)
  once.work(100, second, 100)
  expect(off(often.eta()?.remainingMs, once.eta()?.remainingMs ?? 0)).toBeLessThan(0.02)
})

test('an uneven pace widens the range, and a long run narrows it again', () => {
  const job = setup({ total: 10_000 })
  const width = () => {
    const eta = job.eta()
    return eta ? (eta.highMs - eta.lowMs) / eta.remainingMs : Number.NaN
  }
  for (let round = 0; round < 10; round++) [job.work(5, 500), job.work(5, 1_500)]
  const early = width()
  for (let round = 0; round < 400; round++) [job.work(5, 500), job.work(5, 1_500)]

  expect(early).toBeGreaterThan(0.1)
  expect(width()).toBeLessThan(early / 2)
})

describe('whatever happens (F1, F2)', () => {
  const anyNumber = fc.oneof(
    fc.double(),
    fc.integer({ min: -100, max: 5_000 }),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_VALUE, Number.MIN_VALUE, -1, 0),
  )
  const anyStep = fc.record({
    done: anyNumber,
    now: fc.oneof(anyNumber, fc.integer({ min: 1.7e12, max: 1.8e12 })),
    total: fc.oneof(anyNumber, fc.constant(null)),
    spent: fc.constantFrom('working', 'waiting', 'paused', 'down' as const),
  })

  test('an estimate is null, or whole, finite and in order', () => {
    const property = fc.property(fc.array(anyStep, { minLength: 1, maxLength: 60 }), steps => {
      let state: EtaState | null = null
      for (const step of steps) {
        state = JSON.parse(JSON.stringify(observe(state, step))) as EtaState
        for (const value of Object.values(state)) expect(Number.isFinite(value)).toBe(true)
        expectSane(estimate(state, step))
      }
    })
    fc.assert(property, { numRuns: 500 })
  })

  test('the same on runs that mostly go well', () => {
    const step = fc.record({
      items: fc.integer({ min: -3, max: 50 }),
      ms: fc.integer({ min: -5_000, max: 60_000 }),
      total: fc.integer({ min: 0, max: 3_000 }),
      spent: fc.constantFrom('working', 'working', 'working', 'waiting', 'paused', 'down' as const),
    })
    const property = fc.property(fc.array(step, { maxLength: 100 }), steps => {
      let [state, done, now, estimates]: [EtaState | null, number, number, number] = [null, 0, 1.7e12, 0]
      for (const { items, ms, total, spent } of steps) {
        done = Math.max(0, done + items)
        now += ms
        state = observe(state, { done, now, spent })
        const eta = estimate(state, { done, total, now })
        expectSane(eta)
        if (eta) estimates++
      }
      return steps.length < 20 || estimates > 0
    })
    fc.assert(property, { numRuns: 300 })
  })

  function expectSane(eta: ReturnType<typeof estimate>) {
    if (eta === null) return
    const { lowMs, remainingMs, highMs } = eta
    for (const value of [lowMs, remainingMs, highMs]) expect(Number.isSafeInteger(value)).toBe(true)
    expect(0 <= lowMs && lowMs <= remainingMs && remainingMs <= highMs).toBe(true)
  }
})

test('the state stays small', () => {
  const job = setup({ total: 100_000 })
  job.work(50_000, 1_234.567)
  expect(job.size()).toBeLessThan(300)
})
