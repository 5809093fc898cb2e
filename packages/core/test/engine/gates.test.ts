import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createGates } from '../../src/engine/gates.js'
import {
  defineProcessor,
  type GateOptions,
  memoryStore,
  type Runner,
  type Store,
  StoreError,
} from '../../src/index.js'
import { type FakeClock, fakeClock, runToEnd } from '../../src/testing/index.js'
import { setup } from '../setup.js'

const second = 1_000
const minute = 60 * second
const down = () => Object.assign(new Error('502'), { status: 502 })
const fixed = { type: 'fixed', delayMs: 10, jitter: 'none' } as const

describe('while the breaker is open', () => {
  const gate = () => ({ key: 'api', breaker: { failureThreshold: 2, recoveryMs: minute } })

  /** An API that is down for five minutes, and processors that call it from each place where one can. */
  function outage() {
    const api = { downUntil: Number.POSITIVE_INFINITY, calls: [] as number[] }
    const ask = () => {
      api.calls.push(clock.now())
      if (clock.now() < api.downUntil) throw down()
    }
    const shared = { input: z.null(), gate, retry: { attempts: 1 } } as const
    const { runner, another, clock } = setup([
      defineProcessor({ ...shared, name: 'run', run: ({ call }) => call(ask, { backoff: fixed }) }),
      defineProcessor({
        ...shared,
        name: 'each',
        items: ({ cursor }) => (cursor ? [] : [[1, 'item'] as const]),
        each: (_, { call }) => call(ask, { backoff: fixed }),
        onItemError: { retries: 3, tolerate: { ratio: 1 } },
      }),
      defineProcessor({
        ...shared,
        name: 'items',
        items: async ({ cursor, call }) => {
          await call(ask, { backoff: fixed })
          return cursor ? [] : [[1, 'item'] as const]
        },
        each: () => {},
      }),
      defineProcessor({
        ...shared,
        name: 'finish',
        items: () => [],
        each: () => {},
        finish: ({ call }) => call(ask, { backoff: fixed }),
      }),
    ])
    api.downUntil = clock.now() + 5 * minute
    return { api, runner, another, clock }
  }

  test.each(['run', 'each', 'items', 'finish'] as const)(
    'a job that calls in `%s` waits, fails nothing and uses no attempt',
    async name => {
      const { runner, clock } = outage()
      const { id } = await runner.enqueue(name, null)
      await pass(runner, clock)
      const waiting = await runner.get(id)
      expect(waiting).toMatchObject({ state: 'waiting', attempts: 0, errors: null, progress: { failed: 0 } })
      expect(Date.parse(waiting?.dueAt ?? '')).toBeGreaterThanOrEqual(clock.now() + minute)

      await runToEnd(runner, clock)
      expect(await runner.get(id)).toMatchObject({ state: 'completed', attempts: 0, throttles: 5 })
    },
  )

  test('one job alone tries at each half opening, of many on several workers', async () => {
    const { api, runner, another, clock } = outage()
    await runner.enqueueMany(
      'run',
      Array.from({ length: 20 }, () => ({ input: null })),
    )
    await Promise.all([runToEnd(runner, clock), runToEnd(another(), clock)])

    const [openedAt = 0] = api.calls
    const tries = api.calls.filter(at => at > openedAt + second && at < api.downUntil)
    const gaps = tries.slice(1).map((at, index) => at - (tries[index] ?? at))
    expect(tries).toHaveLength(4)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(minute)
    expect((await runner.stats()).states.completed).toBe(20)
    const { jobs } = await runner.list({}, { limit: 100 })
    expect(jobs.every(({ attempts }) => attempts === 0)).toBe(true)
  })

  test('a thousand jobs come back from when it half opens, spread over a tenth of the wait', async () => {
    let drawn = 0
    const job = defineProcessor({
      name: 'job',
      input: z.null(),
      gate,
      run: ({ call }) =>
        call(() => {
          throw down()
        }),
    })
    const clock = fakeClock()
    const random = () => (drawn = (drawn + 0.618) % 1)
    const { runner } = setup([job], { store: memoryStore({ clock }), clock, random, concurrency: 100 })
    await runner.enqueueMany(
      job,
      Array.from({ length: 1_000 }, () => ({ input: null })),
    )
    await pass(runner, clock)

    const { jobs } = await runner.list({}, { limit: 1_000 })
    const opensAt = Date.parse((await runner.gates.get('api'))?.opensAt ?? '')
    const late = jobs.map(({ dueAt }) => Date.parse(dueAt) - opensAt)
    expect(jobs.every(({ state, attempts }) => state === 'waiting' && attempts === 0)).toBe(true)
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...late)).toBeLessThanOrEqual(minute / 10)
    const busiest = Math.max(...Object.values(countBy(late.map(ms => Math.floor(ms / 100)))))
    expect(busiest, 'in any tenth of a second').toBeLessThanOrEqual(40)
  })
})

describe('a job that must wait', () => {
  const limited = (more: Partial<GateOptions>) => ({
    name: 'limited',
    input: z.null(),
    gate: () => ({ key: 'api', rates: [{ limit: 1, perMs: 10 * second }], ...more }),
  })
  const free = defineProcessor({ name: 'free', input: z.null(), run: () => {} })

  test('leaves its slot to others', async () => {
    const job = defineProcessor({ ...limited({}), run: ({ call }) => call(() => {}) })
    const { runner } = setup([job, free], { concurrency: 1 })
    for (const name of ['limited', 'limited', 'free'] as const) await runner.enqueue(name, null)

    const { dueInMs } = await runner.work()

    expect(dueInMs).toBeGreaterThanOrEqual(10 * second)
    expect((await runner.stats({ processors: ['free'] })).states.completed).toBe(1)
    expect((await runner.stats({ processors: ['limited'] })).states).toMatchObject({
      completed: 1,
      waiting: 1,
    })
  })

  test('keeps it for a wait within waitInPlaceMs', async () => {
    const job = defineProcessor({
      ...limited({ waitInPlaceMs: 10 * second }),
      run: ({ call }) => call(() => {}),
    })
    const { runner, clock } = setup([job], { concurrency: 1 })
    const jobs = [await runner.enqueue(job, null), await runner.enqueue(job, null)]

    expect((await pass(runner, clock)).dueInMs).toBeNull()
    expect((await runner.get(jobs[1]?.id ?? ''))?.throttles).toBe(0)
  })

  test('for a store that does not keep its gate waits too, and uses no attempt', async () => {
    const clock = fakeClock()
    const store = memoryStore({ clock })
    let away = true
    const half: Store = {
      ...store,
      async cell(name) {
        if (away) throw new StoreError('store_unavailable', 'test', 'No reply.', { retryable: true })
        return store.cell(name)
      },
    }
    let calls = 0
    const job = defineProcessor({ ...limited({}), run: ({ call }) => call(() => calls++) })
    const { runner } = setup([job], { store: half, clock })
    const { id } = await runner.enqueue(job, null)

    for (let pass = 0; pass < 150; pass++) {
      const { dueInMs } = await runner.work()
      expect(dueInMs).toBeGreaterThanOrEqual(second)
      await clock.advance(dueInMs ?? 0)
    }
    expect(calls).toBe(0)
    away = false
    await runToEnd(runner, clock)
    expect(await runner.get(id)).toMatchObject({ state: 'completed', attempts: 0, interruptions: 0 })
  })
})

describe('a gate that is paused', () => {
  test('gives no permits on any worker: jobs wait, and cost no attempt and no slot', async () => {
    let calls = 0
    const job = defineProcessor({
      name: 'job',
      input: z.null(),
      gate: () => ({ key: 'api' }),
      run: ({ call }) => call(() => calls++),
    })
    const { runner, another, clock } = setup([job], { concurrency: 1 })
    await runner.gates.pause('api')
    await runner.enqueueMany(
      job,
      Array.from({ length: 5 }, () => ({ input: null })),
    )
    const workers = [runner, another()]
    for (let pass = 0; pass < 10; pass++) {
      const passed = await Promise.all(workers.map(worker => worker.work()))
      expect(Math.max(...passed.map(({ dueInMs }) => dueInMs ?? 0))).toBeLessThanOrEqual(66 * second)
      await clock.advance(minute)
    }
    expect(calls).toBe(0)

    await workers[1]?.gates.resume('api')
    await clock.advance(66 * second)
    await runner.work()
    expect(calls).toBe(5)
    const { jobs } = await runner.list()
    expect(jobs.every(({ state, attempts }) => state === 'completed' && attempts === 0)).toBe(true)
  })

  test('holds back a caller that waits in its slot', async () => {
    const calls: number[] = []
    const job = defineProcessor({
      name: 'job',
      input: z.null(),
      gate: () => ({ key: 'api', spacingMs: second }),
      run: async ({ call }) => {
        for (let page = 0; page < 3; page++) await call(() => calls.push(page))
      },
    })
    const { runner, clock } = setup([job])
    await runner.enqueue(job, null)
    const passing = pass(runner, clock)
    runner.on('started', () => void clock.sleep(500).then(() => runner.gates.pause('api')))
    await passing
    expect(calls, 'the one that was let through already, and no other').toEqual([0, 1])
  })
})

describe('the gates of a runner', () => {
  const minuteWindow = (key: string): GateOptions => ({
    key,
    scope: 'local',
    rates: [{ limit: 1, perMs: minute }],
  })

  test('a local one does not forget its window, however many others are opened', async () => {
    const clock = fakeClock()
    const gates = createGates(memoryStore({ clock }), { clock, random: () => 0 })
    for (let key = 0; key < 1_500; key++) await gates(minuteWindow(`${key}`)).pass()

    for (const key of ['0', '700', '1499']) {
      await expect(gates(minuteWindow(key)).pass()).rejects.toMatchObject({ waitMs: minute })
    }
    await clock.advance(minute)
    await expect(gates(minuteWindow('0')).pass()).resolves.toBeUndefined()
  })

  test('nor does one that a job holds on to, though it was forgotten in between', async () => {
    const clock = fakeClock()
    const gates = createGates(memoryStore({ clock }), { clock, random: () => 0 })
    const held = gates(minuteWindow('held'))
    for (let key = 0; key < 2_000; key++) gates(minuteWindow(`${key}`))
    await gates(minuteWindow('held')).pass()
    await expect(held.pass()).rejects.toMatchObject({ code: 'throttled' })
  })

  test('one that cannot be is refused when it is opened', () => {
    const clock = fakeClock()
    const gates = createGates(memoryStore({ clock }), { clock, random: () => 0 })
    expect(() => gates({ key: '' })).toThrow(expect.objectContaining({ code: 'invalid_gate' }))
  })
})

/** Works one pass, moving time whenever the work waits for it. */
async function pass(runner: Pick<Runner, 'work'>, clock: FakeClock) {
  let over = false
  const ended = runner.work().finally(() => {
    over = true
  })
  while (!over) await clock.advanceToNext()
  return ended
}

function countBy(values: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}
