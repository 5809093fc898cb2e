import { describe, expect, test } from 'vitest'
import { type GateOptions, sharedGate } from '../../src/gate/index.js'
import { fakeClock } from '../../src/testing/fake-clock.js'
import { testCells } from './cells.js'

const second = 1_000

function setup(options: Partial<GateOptions> = {}) {
  const clock = fakeClock()
  const storeClock = fakeClock()
  const cells = testCells({ ...storeClock, now: () => storeClock.now() + clock.now() })
  const start = clock.now()
  const worker = (more: Partial<GateOptions> = {}, random = () => 0) =>
    sharedGate({ key: 'api', ...options, ...more }, { cells, clock, random })

  /** When each caller came through, or what it was told. */
  const through = (passing: Promise<void>) =>
    passing.then(
      () => clock.now() - start,
      (error: { code?: string; waitMs?: number }) => `${error.code} ${error.waitMs ?? ''}`.trim(),
    )
  const costOf = async (does: () => unknown) => {
    const before = { reads: cells.reads(), writes: cells.writes() }
    await does()
    return { reads: cells.reads() - before.reads, writes: cells.writes() - before.writes }
  }
  return { clock, storeClock, cells, worker, through, costOf, start }
}

describe('a shared gate', () => {
  test('is one limit over all workers', async () => {
    const { clock, worker, through } = setup({ rates: [{ limit: 1, perMs: second }] })
    const [one, other] = [worker(), worker()]

    const calls = Promise.all([one, other, one].map(gate => through(gate.pass())))
    await clock.advance(5 * second)

    expect((await calls).map(Number).sort((a, b) => a - b)).toEqual([0, 1_000, 2_000])
  })

  test('gives the job back when the wait is longer than a slot should be held', async () => {
    const { worker, through } = setup({ rates: [{ limit: 1, perMs: 10 * second }] })
    const gate = worker()
    await gate.pass()
    expect(await through(gate.pass())).toBe('throttled 10000')
    await expect(gate.pass()).rejects.toMatchObject({ key: 'api', message: expect.stringContaining('10 s') })
  })

  test('does not send all that it refused back at one instant', async () => {
    const { worker, through } = setup({ rates: [{ limit: 1, perMs: 10 * second }] })
    await worker().pass()
    const told = [0, 0.5, 0.999].map(drawn => through(worker({}, () => drawn).pass()))
    expect(await Promise.all(told)).toEqual(['throttled 10000', 'throttled 11000', 'throttled 11998'])
  })

  test('shares what "too many requests" said', async () => {
    const { worker, through } = setup()
    await worker().report({ kind: 'throttled', retryAfterMs: 30 * second })
    expect(await through(worker().pass())).toBe('throttled 30000')
    expect(await through(worker({ key: 'another' }).pass()), 'another key is another gate (D9)').toBe(0)
  })

  test('shares the breaker', async () => {
    const { worker, through } = setup({ breaker: { failureThreshold: 2, recoveryMs: 60 * second } })
    const [one, other] = [worker(), worker()]
    await one.report({ kind: 'failed' })
    await other.report({ kind: 'failed' })
    expect(await through(worker().pass())).toBe('throttled 60000')
  })

  test("goes by the store's clock, so a host whose clock is wrong waits no longer than the others", async () => {
    const { clock, storeClock, worker, through } = setup({ rates: [{ limit: 1, perMs: 10 * second }] })
    await worker().pass()
    await storeClock.advance(9 * second)
    const passing = through(worker().pass())
    await clock.advance(second)
    expect(await passing).toBe(second)
  })
})

describe('costs', () => {
  test('one read and one write a call, and nothing for a call that went well', async () => {
    const { costOf, worker } = setup({ breaker: {}, rates: [{ limit: 10, perMs: second }] })
    const gate = worker()
    await gate.pass()
    const call = () => gate.pass().then(() => gate.report({ kind: 'ok' }))
    expect(await costOf(call)).toEqual({ reads: 1, writes: 1 })
  })

  test('the first call of all puts the gate on the list', async () => {
    const { costOf, worker } = setup({ rates: [{ limit: 10, perMs: second }] })
    expect(await costOf(() => worker().pass())).toEqual({ reads: 2, writes: 2 })
    expect(await costOf(() => worker().pass())).toEqual({ reads: 1, writes: 1 })
  })

  test('callers that come at once share a read and a write', async () => {
    const { costOf, worker } = setup({ rates: [{ limit: 50, perMs: second }] })
    const gate = worker()
    await gate.pass()
    const together = () => Promise.all(Array.from({ length: 10 }, () => gate.pass()))
    expect(await costOf(together)).toEqual({ reads: 1, writes: 1 })
  })

  test('one read and no write where there is nothing to count', async () => {
    const { costOf, worker } = setup()
    const gate = worker()
    await gate.pass()
    expect(await costOf(() => gate.pass())).toEqual({ reads: 1, writes: 0 })
  })

  test('headers that tell nothing new cost nothing', async () => {
    const { costOf, worker } = setup({ rates: [{ limit: 50, perMs: second }] })
    const gate = worker()
    const limits = [{ limit: 20, remaining: 7, resetMs: 500, windowMs: second }]
    await gate.pass()
    expect(await costOf(() => gate.report({ kind: 'ok', limits }))).toEqual({ reads: 1, writes: 1 })
    expect(await costOf(() => gate.report({ kind: 'ok', limits }))).toEqual({ reads: 0, writes: 0 })
  })

  test('a success is written where it changes something: failures before it', async () => {
    const { costOf, worker, through } = setup({ breaker: { failureThreshold: 2 } })
    const gate = worker()
    await gate.report({ kind: 'failed' })
    expect(await costOf(() => gate.report({ kind: 'ok' }))).toEqual({ reads: 1, writes: 1 })
    expect(await costOf(() => gate.report({ kind: 'ok' }))).toEqual({ reads: 0, writes: 0 })
    await gate.report({ kind: 'failed' })
    expect(await through(gate.pass())).toBe(0)
  })

  test('a refusal is not written', async () => {
    const { costOf, worker, through } = setup({ rates: [{ limit: 1, perMs: 10 * second }] })
    await worker().pass()
    expect(await costOf(() => through(worker().pass()))).toEqual({ reads: 1, writes: 0 })
  })
})

describe('when the store is in trouble', () => {
  test('a lost reply is asked for again and counts once', async () => {
    const { clock, cells, worker, through } = setup({ rates: [{ limit: 2, perMs: 10 * second }] })
    await worker().report({ kind: 'throttled', retryAfterMs: 0 })
    cells.loseReplies(2)
    const first = through(worker().pass())
    await clock.advance(0)
    expect(await first).toBe(0)
    expect(await through(worker().pass()), 'there is room for a second one').toBe(0)
    expect(await through(worker().pass()), 'and for no third').toBe('throttled 10000')
  })

  test('others who write in between only cost another round', async () => {
    const { cells, costOf, worker, through } = setup({ spacingMs: 1 })
    await worker().report({ kind: 'throttled', retryAfterMs: 0 })
    cells.interfere(3)
    expect(await costOf(() => through(worker().pass()))).toEqual({ reads: 4, writes: 1 })
  })

  test('a cell that others always change first gives no permit', async () => {
    const { cells, worker, through } = setup({ spacingMs: 1 })
    cells.interfere(1_000)
    expect(await through(worker().pass())).toBe('store_busy')
  })

  test('an unreachable one gives no permit, and a report is quietly lost', async () => {
    const { cells, worker, through } = setup()
    const gate = worker()
    cells.unreachable(true)
    expect(await through(gate.pass())).toBe('store_unavailable')
    await expect(gate.report({ kind: 'throttled', retryAfterMs: null })).resolves.toBe(0)

    cells.unreachable(false)
    expect(await through(gate.pass()), 'and it works again afterwards').toBe(0)
  })
})

describe("with whenStoreFails: 'open'", () => {
  const rates = [{ limit: 2, perMs: 10 * second }]

  test('each process goes by its own count while the store is away', async () => {
    const { cells, worker, through } = setup({ rates, whenStoreFails: 'open' })
    const [one, other] = [worker(), worker()]
    cells.unreachable(true)
    const told = [one, one, one, other].map(gate => through(gate.pass()))
    expect(await Promise.all(told)).toEqual([0, 0, 'throttled 10000', 0])
  })

  test('keeps to what answers asked for in this process, and to the shared count once the store is back', async () => {
    const { clock, cells, worker, through } = setup({ rates, whenStoreFails: 'open' })
    const gate = worker()
    cells.unreachable(true)
    await gate.report({ kind: 'throttled', retryAfterMs: 30 * second })
    expect(await through(gate.pass())).toBe('throttled 30000')
    await clock.advance(30 * second)
    cells.unreachable(false)
    await worker().pass()
    await worker().pass()
    expect(await through(gate.pass())).toBe('throttled 10000')
  })

  test('a closed gate stays closed, and a signal is heeded', async () => {
    const { worker, through } = setup({ rates, whenStoreFails: 'open' })
    const gate = worker()
    await gate.report({ kind: 'throttled', retryAfterMs: 30 * second })
    expect(await through(gate.pass())).toBe('throttled 30000')
    await expect(gate.pass(AbortSignal.abort('deploy'))).rejects.toBe('deploy')
  })
})

describe('a caller that waits', () => {
  test('leaves when its signal aborts, with the reason', async () => {
    const { clock, worker } = setup({ rates: [{ limit: 1, perMs: second }] })
    const gate = worker()
    await gate.pass()
    const stop = new AbortController()
    const waiting = gate.pass(stop.signal)
    const reason = expect(waiting).rejects.toBe('deploy')
    await clock.advance(500)
    stop.abort('deploy')
    await reason
    await expect(gate.pass(stop.signal), 'and does not even ask').rejects.toBe('deploy')
  })

  test('does not go ahead when "too many requests" came in meanwhile', async () => {
    const { clock, worker, through } = setup({ rates: [{ limit: 1, perMs: second }] })
    const gate = worker()
    await gate.pass()
    const waiting = through(gate.pass())
    await clock.advance(500)
    await gate.report({ kind: 'throttled', retryAfterMs: 30 * second })
    await clock.advance(500)
    expect(await waiting).toBe('throttled 29500')
  })

  test('nor when another worker told it, as soon as this process has heard of it', async () => {
    const { clock, worker, through } = setup({ rates: [{ limit: 1, perMs: second }] })
    const [gate, other] = [worker(), worker()]
    await gate.pass()
    const waiting = through(gate.pass())
    await clock.advance(500)
    await other.report({ kind: 'throttled', retryAfterMs: 30 * second })
    await through(gate.pass())
    await clock.advance(500)
    expect(await waiting).toBe('throttled 29500')
  })

  test('nor when the breaker opened', async () => {
    const breaker = { failureThreshold: 1, recoveryMs: 30 * second }
    const { clock, worker, through } = setup({ spacingMs: second, breaker })
    const gate = worker()
    await gate.pass()
    const waiting = through(gate.pass())
    await clock.advance(500)
    await gate.report({ kind: 'failed' })
    await clock.advance(500)
    expect(await waiting).toBe('throttled 29500')
  })
})
