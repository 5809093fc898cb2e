import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createRunner, defineProcessor, memoryStore } from '../../src/index.js'
import { fakeClock } from '../../src/testing/index.js'
import { deferred, setup } from '../setup.js'

const sync = defineProcessor({ name: 'sync', input: z.null(), run: () => 'done' })
const process = () => ({ rssBytes: 1_000, heapUsedBytes: 500, cpuMs: 2_500 })

describe('health', () => {
  test('of a runner that rests', async () => {
    const { runner } = setup([sync], { process })
    expect(await runner.health()).toEqual({
      status: 'healthy',
      because: [],
      worker: { running: false, lastClaimAt: null, slots: { busy: 0, free: 0 }, lateMs: null },
      store: { reachable: true, latencyMs: 0 },
      queue: { waiting: 0, dueInMs: null, oldestDueMs: null },
      memory: { rssBytes: 1_000, heapUsedBytes: 500 },
      cpu: { usedMs: 2_500, share: null },
      checkedAt: '2026-01-01T00:00:00.000Z',
    })
  })

  test('of a worker says how many slots are busy, and when it claimed last', async () => {
    const hold = deferred()
    const held = defineProcessor({ name: 'held', input: z.null(), run: () => hold.promise })
    const { runner, clock } = setup([held], { concurrency: 3 })
    await runner.enqueue(held, null)
    await runner.start()
    await clock.advance(0)
    const { worker } = await runner.health()
    expect(worker).toMatchObject({ running: true, slots: { busy: 1, free: 2 } })
    expect(worker.lastClaimAt).toBe('2026-01-01T00:00:00.000Z')
    hold.resolve()
    await runner.stop()
  })

  test('is bad when the store can not be reached, and says why without secrets', async () => {
    const { runner, store } = setup([sync])
    store.cell = () =>
      Promise.reject(Object.assign(new Error('no password=hunter2'), { code: 'ECONNREFUSED' }))
    expect(await runner.health()).toMatchObject({
      status: 'unhealthy',
      because: ['store_unreachable'],
      store: { reachable: false, error: { code: 'ECONNREFUSED', message: 'no password=[redacted]' } },
      queue: null,
    })
  })

  test('is bad when the store gives no answer in time', async () => {
    const { runner, store, clock } = setup([sync], { health: { storeTimeoutMs: 200 } })
    store.cell = () => new Promise(() => {})
    const checking = runner.health()
    await clock.advance(200)
    expect(await checking).toMatchObject({
      status: 'unhealthy',
      store: { reachable: false, latencyMs: 200, error: { code: 'no_answer' } },
    })
  })

  test('is not good when the store is slow', async () => {
    const { runner, store, clock } = setup([sync])
    const cell = store.cell.bind(store)
    store.cell = name => clock.sleep(1_500).then(() => cell(name))
    const checking = runner.health()
    await clock.advance(5_000)
    expect(await checking).toMatchObject({
      status: 'degraded',
      because: ['store_slow'],
      store: { latencyMs: 1_500 },
    })
  })

  test('is bad when a worker with a free slot has not claimed for long', async () => {
    const { runner, store, clock } = setup([sync])
    await runner.start()
    await clock.advance(1_000)
    store.claim = () => new Promise(() => {})
    await clock.advance(70_000)
    expect(await runner.health()).toMatchObject({ status: 'unhealthy', because: ['claims_stalled'] })
    void runner.stop()
  })

  test('is good when a worker does not claim because its slots are full', async () => {
    const hold = deferred()
    const held = defineProcessor({ name: 'held', input: z.null(), run: () => hold.promise })
    const { runner, clock } = setup([held], { concurrency: 1 })
    await runner.enqueue(held, null)
    await runner.start()
    await clock.advance(300_000)
    expect((await runner.health()).status).toBe('healthy')
    hold.resolve()
    await runner.stop()
  })

  test('is not good when a job has been due for long, unless it is paused', async () => {
    const { runner, clock } = setup([sync])
    await runner.enqueue(sync, null)
    await clock.advance(400_000)
    expect(await runner.health()).toMatchObject({
      status: 'degraded',
      because: ['jobs_late'],
      queue: { waiting: 1, dueInMs: 0, oldestDueMs: 400_000 },
    })
    await runner.processors.pause('sync')
    expect((await runner.health()).status).toBe('healthy')
  })

  test('is not good when a job has been due for long behind thousands of newer ones', async () => {
    const { runner, clock } = setup([sync])
    await runner.enqueue(sync, null)
    await clock.advance(3_600_000)
    await runner.enqueueMany(
      sync,
      Array.from({ length: 5_500 }, () => ({ input: null })),
    )
    expect(await runner.health()).toMatchObject({
      because: ['jobs_late'],
      queue: { waiting: 5_501, dueInMs: 0, oldestDueMs: 3_600_000 },
    })
    expect(await runner.metrics()).toContain('longhaul_oldest_due_seconds 3600\n')
  })

  test('is not good when the event loop stood still, or memory is beyond its limit', async () => {
    const { runner, clock } = setup([sync], { process, health: { memoryBytes: 999 } })
    await runner.start()
    await clock.advance(0)
    clock.standStill(5_000)
    await clock.advance(1)
    const { because, worker } = await runner.health()
    expect(because).toEqual(['event_loop_late', 'memory_high'])
    expect(worker.lateMs).toBe(3_000)
    await runner.stop()
  })

  test('tells the share of a processor since the check before', async () => {
    let cpuMs = 0
    const { runner, clock } = setup([sync], { process: () => ({ rssBytes: 1, heapUsedBytes: 1, cpuMs }) })
    await runner.health()
    cpuMs = 250
    await clock.advance(1_000)
    expect((await runner.health()).cpu).toEqual({ usedMs: 250, share: 0.25 })
  })

  test('is told where the process may not be read', async () => {
    const forbidden = () => {
      throw new Error('not on this platform')
    }
    const { runner } = setup([sync], { process: forbidden })
    expect(await runner.health()).toMatchObject({ status: 'healthy', memory: null, cpu: null })
  })

  test.each([
    ['storeTimeoutMs', 0],
    ['stalledMs', 1.5],
    ['unknown', 1],
  ])('refuses %s of %s', (name, value) => {
    const clock = fakeClock()
    const options = { store: memoryStore({ clock }), processors: [sync], health: { [name]: value } }
    expect(() => createRunner(options)).toThrow(expect.objectContaining({ code: 'invalid_options' }))
  })
})
