import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { systemClock } from '../../src/clock.js'
import { type Gate, type GateOptions, localGate } from '../../src/gate/index.js'
import { fakeClock } from '../../src/testing/fake-clock.js'

const second = 1_000
const random = () => 0

/** The same promises hold on either clock: p-throttle keeps the window on the system's. */
const clocks = {
  'a clock of its own': () => {
    const clock = fakeClock()
    return { clock, advance: clock.advance }
  },
  "the system's clock": () => ({
    clock: systemClock,
    advance: async (ms: number) => void (await vi.advanceTimersByTimeAsync(ms)),
  }),
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

describe.each(Object.entries(clocks))('a local gate by %s', (_, create) => {
  function setup(options: Partial<GateOptions> = {}) {
    const { clock, advance } = create()
    const start = clock.now()
    const gate = localGate({ key: 'api', ...options }, { clock, random })
    const through = (passing: Promise<void>) =>
      passing.then(
        () => clock.now() - start,
        (error: { code?: string; waitMs?: number }) => `${error.code} ${error.waitMs ?? ''}`.trim(),
      )
    return {
      gate,
      advance,
      pass: (caller: Gate = gate, signal?: AbortSignal) => through(caller.pass(signal)),
    }
  }

  test('lets callers through one after the other, and sends back those who would wait for long', async () => {
    const { pass, advance } = setup({ rates: [{ limit: 1, perMs: second }] })
    const calls = Promise.all([pass(), pass(), pass(), pass()])
    await advance(5 * second)
    expect(await calls).toEqual([0, 1_000, 2_000, 'throttled 3000'])
  })

  test('never gives more than its limit in any window', async () => {
    const { pass, advance } = setup({ rates: [{ limit: 5, perMs: second }], waitInPlaceMs: 10 * second })
    const calls: Promise<number | string>[] = []
    for (const wait of [0, 990, 5, 10, 300, 1_700, 0, 120]) {
      await advance(wait)
      for (let call = 0; call < 4; call++) calls.push(pass())
    }
    await advance(20 * second)

    const permits = (await Promise.all(calls)).map(Number)
    permits.forEach(at => {
      const window = permits.filter(other => other > at - second && other <= at)
      expect(window.length).toBeLessThanOrEqual(5)
    })
    expect(permits).toHaveLength(32)
  })

  test('remembers "too many requests", and opens by itself', async () => {
    const { gate, pass, advance } = setup({ rates: [{ limit: 1, perMs: second }] })
    await gate.report({ kind: 'throttled', retryAfterMs: 30 * second })
    expect(await pass()).toBe('throttled 30000')
    await advance(30 * second)
    expect(await pass()).toBe(30_000)
  })

  test('a caller that waits does not go ahead when "too many requests" came in meanwhile', async () => {
    const { gate, pass, advance } = setup({ rates: [{ limit: 1, perMs: second }] })
    await pass()
    const waiting = pass()
    await advance(500)
    await gate.report({ kind: 'throttled', retryAfterMs: 30 * second })
    await advance(500)
    expect(await waiting).toBe('throttled 29500')
  })

  test('has a breaker', async () => {
    const { gate, pass, advance } = setup({
      rates: [{ limit: 9, perMs: second }],
      breaker: { failureThreshold: 1 },
    })
    await gate.report({ kind: 'failed' })
    expect(await pass()).toBe('throttled 300000')
    await advance(300 * second)
    expect(await pass()).toBe(300_000)
    await gate.report({ kind: 'ok' })
    expect(await pass()).toBe(300_000)
  })

  test('a caller leaves when its signal aborts, with the reason', async () => {
    const { gate, pass, advance } = setup({ rates: [{ limit: 1, perMs: second }] })
    await pass()
    const stop = new AbortController()
    const left = expect(gate.pass(stop.signal)).rejects.toBe('deploy')
    await advance(500)
    stop.abort('deploy')
    await left
  })

  test('knows every rule that a shared gate knows', async () => {
    const { pass, advance } = setup({ spacingMs: 100, pauseAfter: { calls: 2, pauseMs: second } })
    const calls = Promise.all([pass(), pass(), pass(), pass()])
    await advance(5 * second)
    expect(await calls).toEqual([0, 100, 1_100, 1_200])
  })
})

test('two local gates of one key know nothing of each other', async () => {
  const clock = fakeClock()
  const options: GateOptions = { key: 'api', rates: [{ limit: 1, perMs: 60 * second }] }
  await localGate(options, { clock, random }).pass()
  await expect(localGate(options, { clock, random }).pass()).resolves.toBeUndefined()
})
