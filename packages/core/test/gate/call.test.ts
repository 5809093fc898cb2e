import { describe, expect, test, vi } from 'vitest'
import { type CallOptions, createCall, type GateOptions, localGate } from '../../src/gate/index.js'
import { StoreError } from '../../src/store/index.js'
import { fakeClock } from '../../src/testing/fake-clock.js'

const second = 1_000
const transient = () => Object.assign(new Error('502'), { status: 502 })
const tooMany = (retryAfter?: string) =>
  Object.assign(new Error('429'), { status: 429, headers: retryAfter ? { 'retry-after': retryAfter } : {} })

function setup({
  gated,
  retry,
  drawn = 0.999,
}: {
  gated?: Partial<GateOptions>
  retry?: CallOptions
  drawn?: number
} = {}) {
  const clock = fakeClock()
  const random = () => drawn
  const stop = new AbortController()
  const inner = localGate({ key: 'api', ...gated }, { clock, random: () => 0 })
  const gate = { ...inner, pass: vi.fn(inner.pass), report: vi.fn(inner.report) }
  const call = createCall({ gate: gated && gate, retry, clock, random, signal: stop.signal })

  const start = clock.now()
  const tries: number[] = []
  /** The other side: gives these answers in turn, errors being thrown, and then 'fine'. */
  const server =
    (...answers: unknown[]) =>
    async () => {
      tries.push(clock.now() - start)
      const answer = answers.length > 0 ? answers.shift() : 'fine'
      if (typeof answer === 'string' && answer === 'fine') return answer
      throw answer
    }
  /** Runs to its end in virtual time. */
  async function ended<Result>(work: Promise<Result>): Promise<Result> {
    work.catch(() => undefined)
    while (await clock.advanceToNext()) {}
    return work
  }
  return { call, clock, gate, server, stop, tries, ended }
}

describe('a call that fails for a passing reason', () => {
  test('is tried again in place, each time after a longer wait', async () => {
    const { call, server, tries, ended } = setup()
    await expect(ended(call(server(transient(), transient())))).resolves.toBe('fine')
    expect(tries).toEqual([0, 500, 500 + 999])
  })

  test('throws the very error that it was thrown, when no tries are left', async () => {
    const { call, server, tries, ended } = setup()
    const last = transient()
    await expect(ended(call(server(transient(), transient(), last)))).rejects.toBe(last)
    expect(tries).toHaveLength(3)
  })

  test('is not tried again if it must not be made twice', async () => {
    const { call, server, tries, ended } = setup()
    const only = transient()
    await expect(ended(call(server(only), { retries: 0 }))).rejects.toBe(only)
    expect(tries).toHaveLength(1)
  })

  test('is tried again also when that is a TypeError of the network', async () => {
    const { call, server, ended } = setup()
    const failed = new TypeError('other words', { cause: { code: 'ECONNRESET' } })
    await expect(ended(call(server(failed)))).resolves.toBe('fine')
  })
})

test.each([
  ['a refusal', Object.assign(new Error('404'), { status: 404 })],
  ['a bug', new TypeError('x is not a function')],
  ['a string', 'no luck'],
  ['null', null],
])('%s is thrown as it is, without another try', async (_, thrown) => {
  const { call, server, tries, ended } = setup()
  await expect(ended(call(server(thrown)))).rejects.toBe(thrown)
  expect(tries).toHaveLength(1)
})

describe('"too many requests"', () => {
  test('with a short wait is sat out in place: it succeeds on the third try', async () => {
    const { call, server, tries, ended } = setup()
    await expect(ended(call(server(tooMany('1'), tooMany('1'))))).resolves.toBe('fine')
    expect(tries).toEqual([0, 1_000, 2_000])
  })

  test('with a long one gives the job back until then, after one try', async () => {
    const { call, server, tries, ended } = setup({ gated: {} })
    await expect(ended(call(server(tooMany('90'))))).rejects.toMatchObject({
      code: 'throttled',
      key: 'api',
      waitMs: 90_000,
    })
    expect(tries).toEqual([0])
  })

  test('without a time gives the job back for the default', async () => {
    const { call, server, ended } = setup({ gated: {} })
    await expect(ended(call(server(tooMany())))).rejects.toMatchObject({ code: 'throttled', waitMs: 20_000 })
  })

  test('is kept to by the next call too, without any gate', async () => {
    const { call, server, tries, ended } = setup({ drawn: 0 })
    await expect(ended(call(server(tooMany('90'))))).rejects.toMatchObject({ waitMs: 90_000 })
    await expect(ended(call(server()))).rejects.toMatchObject({ waitMs: 90_000 })
    expect(tries).toHaveLength(1)
  })

  test('"in 0 seconds" for ever does not make the job spin', async () => {
    const { call, server, tries, ended } = setup()
    const last = tooMany('0')
    const answers = [tooMany('0'), tooMany('0'), last]
    await expect(ended(call(server(...answers)))).rejects.toMatchObject({
      code: 'throttled',
      waitMs: 1_000,
      cause: last,
    })
    expect(tries).toHaveLength(3)
  })
})

describe('the gate', () => {
  test('is passed anew before every try', async () => {
    const { call, server, tries, ended } = setup({ gated: { spacingMs: 1_500 }, drawn: 0 })
    await ended(call(server(transient(), transient())))
    expect(tries).toEqual([0, 1_500, 3_000])
  })

  test('that is closed lets nothing through and is not told of a failure', async () => {
    const { call, server, tries, gate, ended } = setup({ gated: { spacingMs: 60 * second } })
    await ended(call(server()))
    await expect(ended(call(server()))).rejects.toMatchObject({ code: 'throttled', waitMs: 60_000 })
    expect(tries).toHaveLength(1)
    expect(gate.report.mock.calls).toEqual([[{ kind: 'ok' }]])
  })

  test('hears how each try ended', async () => {
    const { call, server, gate, ended } = setup({ gated: {} })
    const refused = Object.assign(new Error('404'), { status: 404 })
    await ended(call(server(transient(), tooMany('1'), refused))).catch(() => undefined)
    await ended(call(server(new TypeError('a bug')))).catch(() => undefined)
    expect(gate.report.mock.calls.map(([outcome]) => outcome)).toEqual([
      { kind: 'failed' },
      { kind: 'throttled', retryAfterMs: 1_000 },
      { kind: 'ok' }, // it answered
      { kind: 'unknown' },
    ])
  })

  test('with a breaker makes the job wait while the other side is down', async () => {
    const { call, server, tries, ended } = setup({ gated: { breaker: { failureThreshold: 2 } } })
    await expect(ended(call(server(transient(), transient())))).rejects.toMatchObject({
      code: 'throttled',
      waitMs: 299_001,
    })
    expect(tries).toHaveLength(2)
  })
})

describe('a call that fails for the last time', () => {
  const breaker = { failureThreshold: 3, recoveryMs: 60 * second }

  test('makes its job wait instead of fail, if it opened the breaker', async () => {
    const { call, server, tries, ended } = setup({ gated: { breaker } })
    const last = transient()
    const answers = [transient(), transient(), last]
    await expect(ended(call(server(...answers)))).rejects.toMatchObject({
      code: 'throttled',
      because: 'breaker',
      waitMs: 60_000,
      cause: last,
    })
    expect(tries).toHaveLength(3)
  })

  test('or if it was the one that tried while the breaker was half open', async () => {
    const { call, server, clock, ended } = setup({ gated: { breaker }, retry: { retries: 0 } })
    for (let failure = 0; failure < 3; failure++)
      await ended(call(server(transient()))).catch(() => undefined)
    await clock.advance(60 * second)
    await expect(ended(call(server(transient())))).rejects.toMatchObject({
      because: 'breaker',
      waitMs: 60_000,
    })
  })

  test('fails while the breaker is closed', async () => {
    const { call, server, ended } = setup({ gated: { breaker }, retry: { retries: 0 } })
    await expect(ended(call(server(transient())))).rejects.toMatchObject({ status: 502 })
  })
})

describe('a store that does not answer', () => {
  const trouble = (retryable: boolean) =>
    new StoreError(retryable ? 'store_unavailable' : 'store_closed', 'test', 'no', { retryable })

  test('lets no call through: the job waits a little, and no attempt is used', async () => {
    const { call, server, gate, tries, ended } = setup({ gated: {}, drawn: 0.5 })
    const cause = trouble(true)
    gate.pass.mockRejectedValue(cause)
    await expect(ended(call(server()))).rejects.toMatchObject({ because: 'store', waitMs: 1_500, cause })
    expect(tries).toHaveLength(0)
  })

  test('fails the call where waiting would not help', async () => {
    const { call, server, gate, ended } = setup({ gated: {} })
    gate.pass.mockRejectedValue(trouble(false))
    await expect(ended(call(server()))).rejects.toMatchObject({ code: 'store_closed' })
  })
})

describe('the rate-limit headers of an answer', () => {
  const used = { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' }
  const told = { kind: 'ok', limits: [{ limit: 60, remaining: 0, resetMs: 30_000, windowMs: null }] }
  const reported = async (returned: unknown, options?: CallOptions) => {
    const { call, gate, ended } = setup({ gated: {} })
    expect(await ended(call(() => returned, options))).toBe(returned)
    return gate.report.mock.calls.map(([outcome]) => outcome)
  }

  test('are read when a Response is returned, or what looks like one', async () => {
    expect(await reported(new Response(null, { headers: used }))).toEqual([told])
    expect(await reported({ statusCode: 200, headers: used, body: '' })).toEqual([told])
  })

  test('are not looked for in anything else', async () => {
    for (const value of [
      used,
      { headers: used },
      { status: 'active', headers: used },
      'text',
      null,
      undefined,
    ])
      expect(await reported(value)).toEqual([{ kind: 'ok' }])
  })

  test('are read where the call is told that they are', async () => {
    const limits = (result: unknown) => (result as { meta: object }).meta
    expect(await reported({ meta: used }, { limits })).toEqual([told])
    expect(await reported({ meta: new Response(null, { headers: used }) }, { limits })).toEqual([told])
    expect(await reported(null, { limits }), 'one that throws finds none').toEqual([{ kind: 'ok' }])
  })

  test('are read off an error', async () => {
    const { call, gate, server, ended } = setup({ gated: {} })
    await ended(
      call(server(Object.assign(new Error('404'), { response: { status: 404, headers: used } }))),
    ).catch(() => undefined)
    expect(gate.report.mock.calls).toEqual([[told]])
  })

  test('close the gate for the next call when nothing is left', async () => {
    const { call, ended } = setup({ gated: {}, drawn: 0 })
    await ended(call(() => new Response(null, { headers: used })))
    await expect(ended(call(() => 'fine'))).rejects.toMatchObject({
      because: 'no_quota_left',
      waitMs: 30_000,
    })
  })

  test('make a refusal of a 403, as some servers answer beyond the quota', async () => {
    const { call, server, tries, ended } = setup({ gated: {} })
    const refused = Object.assign(new Error('403'), { status: 403, headers: used })
    await expect(ended(call(server(refused)))).rejects.toMatchObject({ code: 'throttled', waitMs: 30_000 })
    expect(tries).toHaveLength(1)
  })
})

describe('a Response with an error status that is returned', () => {
  const outcomeOf = async (status: number, headers: Record<string, string> = {}) => {
    const { call, gate, ended } = setup({ gated: {} })
    const response = new Response(null, { status, headers })
    expect(await ended(call(() => response)), 'handed on as it is').toBe(response)
    return gate.report.mock.calls.map(([outcome]) => outcome)
  }

  test('is told to the gate, as if it had been thrown', async () => {
    expect(await outcomeOf(429, { 'retry-after': '30' })).toEqual([
      { kind: 'throttled', retryAfterMs: 30_000 },
    ])
    expect(await outcomeOf(502)).toEqual([{ kind: 'failed' }])
    expect(await outcomeOf(404)).toEqual([{ kind: 'ok' }])
    expect(await outcomeOf(204)).toEqual([{ kind: 'ok' }])
  })
})

describe('the signal', () => {
  test('ends the wait between two tries', async () => {
    const { call, server, clock, stop, tries } = setup()
    const ended = expect(call(server(transient()))).rejects.toBe('deploy')
    await clock.advance(100)
    stop.abort('deploy')
    await ended
    expect(tries).toHaveLength(1)
  })

  test('reaches the call, and its failure is not held against the other side', async () => {
    const { call, gate, stop } = setup({ gated: {} })
    const hanging = call(
      signal => new Promise((_, reject) => signal.addEventListener('abort', () => reject(transient()))),
    )
    const ended = expect(hanging).rejects.toMatchObject({ status: 502 })
    await new Promise(setImmediate)
    stop.abort('deploy')
    await ended
    expect(gate.report.mock.calls).toEqual([[{ kind: 'unknown' }]])
  })

  test('does not take back a call that went well', async () => {
    const { call, stop } = setup()
    const answer = call(() => {
      stop.abort('deploy')
      return 'fine'
    })
    await expect(answer).resolves.toBe('fine')
  })
})
