import { describe, expect, test } from 'vitest'
import { createCall, type GateOptions, sharedGate } from '../../src/index.js'
import { setup as runnerSetup } from '../setup.js'

const second = 1_000
const minute = 60 * second

/** A runner that only looks, beside workers that call. */
function setup() {
  const { runner, store, clock } = runnerSetup([])
  const tools = { clock, random: () => 0 }
  const gate = (options: GateOptions) => sharedGate(options, { cells: store, ...tools })
  const start = clock.now()
  const inMs = (ms: number) => new Date(start + ms).toISOString()
  return { gates: runner.gates, gate, clock, tools, inMs }
}

describe('a gate is seen', () => {
  test('with its windows: how many calls each holds, and when it has room again', async () => {
    const { gates, gate, clock, inMs } = setup()
    const rates = [
      { limit: 2, perMs: 10 * second },
      { limit: 5, perMs: minute },
    ]
    const limited = gate({ key: 'crm', rates })
    await limited.pass()
    await clock.advance(second)
    await limited.pass()

    expect(await gates.get('crm')).toEqual({
      key: 'crm',
      state: 'closed',
      because: 'window',
      opensAt: inMs(10 * second),
      windows: [
        { limit: 2, perMs: 10 * second, used: 2, freesAt: inMs(10 * second) },
        { limit: 5, perMs: minute, used: 2, freesAt: null },
      ],
      breaker: { state: 'closed', failures: 0, halfOpensAt: null },
      pace: 1,
      learned: [],
      pausedAt: null,
      lastCallAt: inMs(second),
      seenAt: inMs(second),
    })
    await clock.advance(minute)
    expect(await gates.get('crm')).toMatchObject({ state: 'open', because: null, opensAt: null })
  })

  test.each<[because: string, options: Partial<GateOptions>, opensInMs: number]>([
    ['spacing', { spacingMs: 3 * second }, 3 * second],
    ['pause_after', { pauseAfter: { calls: 1, pauseMs: 20 * second } }, 20 * second],
  ])('with why it is closed: %s', async (because, options, opensInMs) => {
    const { gates, gate, inMs } = setup()
    await gate({ key: 'crm', ...options }).pass()
    expect(await gates.get('crm')).toMatchObject({ state: 'closed', because, opensAt: inMs(opensInMs) })
  })

  test('with what an answer asked for, and at what pace it goes after it', async () => {
    const { gates, gate, clock, inMs } = setup()
    const limited = gate({ key: 'crm', spacingMs: second, slowAfterBlocked: {} })
    await limited.report({ kind: 'throttled', retryAfterMs: 30 * second })
    expect(await gates.get('crm')).toMatchObject({
      because: 'too_many_requests',
      opensAt: inMs(30 * second),
      pace: 0.5,
    })
    await clock.advance(30 * second + minute)
    expect(await gates.get('crm')).toMatchObject({ state: 'open', pace: 0.6 })
  })

  test('with its breaker', async () => {
    const { gates, gate, clock, inMs } = setup()
    const limited = gate({ key: 'crm', breaker: { failureThreshold: 2, recoveryMs: minute } })
    const breaker = async () => (await gates.get('crm'))?.breaker
    await limited.report({ kind: 'failed' })
    expect(await breaker()).toEqual({ state: 'closed', failures: 1, halfOpensAt: null })
    await limited.report({ kind: 'failed' })
    expect(await breaker()).toEqual({ state: 'open', failures: 2, halfOpensAt: inMs(minute) })
    expect(await gates.get('crm')).toMatchObject({ because: 'breaker', opensAt: inMs(minute) })
    await clock.advance(minute)
    expect(await breaker()).toEqual({ state: 'half_open', failures: 2, halfOpensAt: inMs(minute) })
    expect((await gates.get('crm'))?.state).toBe('open')
    await limited.pass()
    expect(await gates.get('crm'), 'one tries').toMatchObject({
      because: 'breaker',
      opensAt: inMs(2 * minute),
    })
    await limited.report({ kind: 'ok' })
    expect(await breaker()).toEqual({ state: 'closed', failures: 0, halfOpensAt: null })
  })

  test('with the limits that answers told of, from a call to the view', async () => {
    const { gates, gate, tools, inMs } = setup()
    const limited = gate({ key: 'crm', rates: [{ limit: 100, perMs: minute }] })
    const call = createCall({ gate: limited, ...tools, signal: new AbortController().signal })
    const headers = { ratelimit: '"default";r=0;t=30', 'ratelimit-policy': '"default";q=60;w=60' }
    await call(() => new Response('fine', { headers }))
    expect(await gates.get('crm')).toMatchObject({
      because: 'no_quota_left',
      opensAt: inMs(30 * second),
      windows: [{ limit: 60, perMs: minute, used: 1, freesAt: null }],
      learned: [{ limit: 60, perMs: minute, until: inMs(10 * minute) }],
    })
  })

  test('as JSON, and as nothing before it is used', async () => {
    const { gates, gate } = setup()
    expect(await gates.get('crm')).toBeUndefined()
    await gate({ key: 'crm', rates: [{ limit: 1, perMs: second }], breaker: {} }).pass()
    const view = await gates.get('crm')
    expect(JSON.parse(JSON.stringify(view))).toEqual(view)
  })
})

describe('gates are listed', () => {
  test('by key, a page at a time', async () => {
    const { gates, gate } = setup()
    for (const key of ['b', 'c', 'a']) await gate({ key }).pass()
    const page = await gates.list({ limit: 2 })
    expect(page.gates.map(({ key }) => key)).toEqual(['a', 'b'])
    const rest = await gates.list({ limit: 2, after: page.next ?? '' })
    expect([rest.gates.map(({ key }) => key), rest.next]).toEqual([['c'], null])
  })

  test('without the local ones', async () => {
    const { gates, clock } = setup()
    const { localGate } = await import('../../src/index.js')
    await localGate({ key: 'here', scope: 'local' }, { clock, random: () => 0 }).pass()
    expect((await gates.list()).gates).toEqual([])
  })

  test('the 500 that were opened last, and all are known by their key', async () => {
    const { gates, gate } = setup()
    const keys = Array.from({ length: 510 }, (_, index) => `gate-${String(index).padStart(3, '0')}`)
    for (const key of keys) await gate({ key }).pass()
    const { gates: listed } = await gates.list({ limit: 1_000 })
    expect(listed.map(({ key }) => key)).toEqual(keys.slice(10))
    expect((await gates.get('gate-000'))?.key).toBe('gate-000')
  })

  test('those that many workers open at once, too', async () => {
    const { gates, gate } = setup()
    const keys = Array.from({ length: 20 }, (_, index) => `gate-${index}`)
    await Promise.all(keys.map(key => gate({ key }).pass()))
    expect((await gates.list()).gates).toHaveLength(20)
  })
})

describe('a gate is held from outside', () => {
  test('a pause lets nobody through, before its first use too, until it is resumed', async () => {
    const { gates, gate, inMs } = setup()
    expect(await gates.pause('crm')).toMatchObject({
      state: 'paused',
      because: 'paused',
      opensAt: null,
      pausedAt: inMs(0),
    })
    expect((await gates.list()).gates).toHaveLength(1)
    const refused = {
      code: 'throttled',
      because: 'paused',
      message: expect.stringContaining('"crm" is paused'),
    }
    await expect(gate({ key: 'crm' }).pass()).rejects.toMatchObject(refused)

    expect(await gates.resume('crm')).toMatchObject({ state: 'open', pausedAt: null })
    await expect(gate({ key: 'crm' }).pass()).resolves.toBeUndefined()
  })

  test('twice is as good as once', async () => {
    const { gates, clock, inMs } = setup()
    await gates.pause('crm')
    await clock.advance(second)
    expect(await gates.pause('crm')).toMatchObject({ pausedAt: inMs(0) })
    await gates.resume('crm')
    expect(await gates.resume('crm')).toMatchObject({ state: 'open' })
  })

  test('those who wait ask again after as long as it has lasted, from a second to a minute', async () => {
    const { gates, gate, clock } = setup()
    await gates.pause('crm')
    const waits: number[] = []
    for (const passed of [0, 5 * second, 60 * minute]) {
      await clock.advance(passed)
      waits.push(
        (
          await gate({ key: 'crm' })
            .pass()
            .catch(error => error)
        ).waitMs,
      )
    }
    expect(waits).toEqual([second, 5 * second, minute])
  })

  test('a reset makes it as if it were new, but for a pause', async () => {
    const { gates, gate } = setup()
    const limited = gate({
      key: 'crm',
      rates: [{ limit: 1, perMs: minute }],
      breaker: { failureThreshold: 1 },
    })
    await limited.pass()
    await limited.report({ kind: 'failed' })
    await limited.report({ kind: 'throttled', retryAfterMs: minute })
    await gates.pause('crm')

    expect(await gates.reset('crm')).toMatchObject({
      state: 'paused',
      windows: [{ limit: 1, perMs: minute, used: 0 }],
      breaker: { state: 'closed', failures: 0 },
      lastCallAt: null,
    })
    await gates.resume('crm')
    await expect(limited.pass()).resolves.toBeUndefined()
  })

  test('one that nobody knows cannot be resumed or reset', async () => {
    const { gates } = setup()
    await expect(gates.resume('crn')).rejects.toMatchObject({ code: 'gate_not_found', key: 'crn' })
    await expect(gates.reset('crn')).rejects.toMatchObject({ code: 'gate_not_found' })
    expect(await gates.get('crn')).toBeUndefined()
  })
})

test('a gate is refused whose key none can have, and a page that none is', async () => {
  const { gates } = setup()
  for (const key of ['', 'x'.repeat(201)]) {
    await expect(gates.pause(key)).rejects.toMatchObject({ code: 'invalid_options', option: 'key' })
    await expect(gates.get(key)).rejects.toMatchObject({ option: 'key' })
    await expect(gates.reset(key)).rejects.toMatchObject({ option: 'key' })
  }
  await expect(gates.list({ limit: -1 })).rejects.toMatchObject({ option: 'limit' })
})
