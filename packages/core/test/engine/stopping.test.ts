import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor } from '../../src/index.js'
import { runToEnd } from '../../src/testing/index.js'
import { deferred, setup } from '../setup.js'

/** A walk whose items each take a second of the clock. */
function slowWalk(items: number) {
  const worked: number[] = []
  const walk = defineProcessor({
    name: 'walk',
    input: z.null(),
    gate: () => ({ key: 'api', spacingMs: 1_000 }),
    items: ({ cursor, limit }) =>
      Array.from({ length: Math.min(limit, items - (cursor ?? 0)) }, (_, index) => {
        const id = (cursor ?? 0) + index + 1
        return [id, id] as const
      }),
    each: (id, { call }) => call(() => worked.push(id)),
  })
  return { walk, worked, ...setup([walk]) }
}

test('a pass with a budget stops in time to save, and the next one goes on there', async () => {
  const { walk, worked, runner, clock } = slowWalk(30)
  const { id } = await runner.enqueue(walk, null)
  const startedAt = clock.now()

  const pass = runner.work({ budgetMs: 10_000 })
  while (clock.now() < startedAt + 9_999) await clock.advance(100)
  expect(await pass).toEqual({ slices: 1, dueInMs: 0 })

  const first = worked.length
  expect(first).toBeGreaterThanOrEqual(7)
  expect(await runner.get(id)).toMatchObject({
    state: 'waiting',
    interruptions: 1,
    progress: { done: first },
  })
  await runToEnd(runner, clock)
  expect(worked, 'none is repeated').toHaveLength(30)
})

test('a handler that does not ask is told to stop before the budget ends, and no attempt is used', async () => {
  const reasons: unknown[] = []
  const endless = defineProcessor({
    name: 'endless',
    input: z.null(),
    run: ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reasons.push(signal.reason)
          reject(signal.reason)
        })
      }),
  })
  const { runner, clock } = setup([endless])
  const { id } = await runner.enqueue(endless, null)

  const pass = runner.work({ budgetMs: 10_000 })
  await clock.advance(8_000)
  await pass

  expect(reasons).toMatchObject([{ code: 'stopping' }])
  expect(await runner.get(id)).toMatchObject({ state: 'waiting', attempts: 0, interruptions: 1 })
})

test('a handler that ignores its signal has its job taken away when the budget ends', async () => {
  const deaf = defineProcessor({ name: 'deaf', input: z.null(), run: () => new Promise(() => {}) })
  const { runner, clock } = setup([deaf])
  const { id } = await runner.enqueue(deaf, null)

  const pass = runner.work({ budgetMs: 10_000 })
  await clock.advance(9_999)
  expect(await runner.get(id)).toMatchObject({ state: 'running' })
  await clock.advance(1)
  expect(await pass, 'the pass ends in time').toEqual({ slices: 1, dueInMs: 0 })

  expect(await runner.get(id)).toMatchObject({ state: 'waiting', attempts: 0, interruptions: 1 })
})

test('a started worker takes jobs as they come, until it is stopped', async () => {
  const done = deferred()
  const quick = defineProcessor({ name: 'quick', input: z.null(), run: () => done.resolve() })
  const { runner, clock } = setup([quick])
  await runner.start()
  await runner.start()

  const { id } = await runner.enqueue(quick, null)
  await clock.advance(1_500)
  await done.promise
  await runner.stop()
  const { id: late } = await runner.enqueue(quick, null)
  await clock.advance(10_000)

  expect(await runner.get(id)).toMatchObject({ state: 'completed' })
  expect(await runner.get(late)).toMatchObject({ state: 'waiting' })
})

test('a stop lets an item in flight end, saves, and gives the rest back', async () => {
  const { walk, worked, runner, clock } = slowWalk(30)
  const { id } = await runner.enqueue(walk, null)
  await runner.start()
  await clock.advance(5_500)

  const stopped = runner.stop({ graceMs: 5_000 })
  await clock.advance(1_000)
  await stopped

  expect(await runner.get(id)).toMatchObject({
    state: 'waiting',
    progress: { done: worked.length },
    attempts: 0,
  })
  await runner.stop()
})

test('a job that is over its time limit fails the attempt, once its handler has stopped', async () => {
  const stopping = deferred()
  const slow = defineProcessor({
    name: 'slow',
    input: z.null(),
    timeoutMs: 5_000,
    retry: { attempts: 1 },
    run: async ({ signal }) => {
      await new Promise(resolve => signal.addEventListener('abort', resolve))
      await stopping.promise
      throw signal.reason
    },
  })
  const { runner, clock } = setup([slow], { stuckAfterMs: 60_000 })
  const { id } = await runner.enqueue(slow, null)
  const pass = runner.work()

  await clock.advance(60_000)
  expect(await runner.get(id), 'no second attempt beside it').toMatchObject({ state: 'running', attempts: 0 })
  stopping.resolve()
  await pass

  expect(await runner.get(id)).toMatchObject({ state: 'failed', errors: { last: { code: 'timed_out' } } })
})

test('a pass can be bounded by its number of jobs', async () => {
  const quick = defineProcessor({ name: 'quick', input: z.null(), run: () => {} })
  const { runner } = setup([quick])
  await runner.enqueueMany(
    quick,
    Array.from({ length: 5 }, () => ({ input: null })),
  )

  expect(await runner.work({ maxJobs: 3 })).toEqual({ slices: 3, dueInMs: 0 })
  expect((await runner.stats()).states).toMatchObject({ completed: 3, waiting: 2 })
})

test('a pass over a store that stays away gives up, and says why', async () => {
  const quick = defineProcessor({ name: 'quick', input: z.null(), run: () => {} })
  const { runner, clock, store } = setup([quick])
  store.claim = () => Promise.reject(new Error('connection refused'))
  const errors: unknown[] = []
  runner.on('error', error => errors.push(error))

  const pass = runner.work()
  pass.catch(() => {})
  while (errors.length < 5) await clock.advance(1_000)

  await expect(pass).rejects.toThrow('connection refused')
})

test('a stop ends in its grace time, whatever its handlers do', async () => {
  const deaf = defineProcessor({ name: 'deaf', input: z.null(), run: () => new Promise(() => {}) })
  const { runner, clock } = setup([deaf])
  const { id } = await runner.enqueue(deaf, null)
  await runner.start()
  await clock.advance(100)

  const stopped = runner.stop({ graceMs: 5_000 })
  await clock.advance(5_000)
  await stopped

  expect(await runner.get(id)).toMatchObject({ state: 'waiting', interruptions: 1 })
})

test('start and stop in any order, at any moment, end with a runner that can be started again', async () => {
  const quick = defineProcessor({ name: 'quick', input: z.null(), run: () => {} })
  const step = fc.constantFrom('start', 'stop', 'enqueue', 'time')
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, fc.boolean()), { maxLength: 12 }), async steps => {
      const { runner, clock } = setup([quick])
      const does = {
        start: () => runner.start(),
        stop: () => runner.stop({ graceMs: 100 }),
        enqueue: () => runner.enqueue(quick, null),
        time: () => clock.advance(500),
      }
      for (const [name, awaited] of steps)
        await (awaited && name !== 'stop' ? does[name]() : void does[name]())
      const stopped = runner.stop({ graceMs: 100 })
      await clock.advance(1_000)
      await stopped
      await runner.start()
      await clock.advance(2_000)
      expect((await runner.stats()).states.waiting).toBe(0)
      await Promise.all([runner.stop(), clock.advance(1_000)])
    }),
    { numRuns: 50 },
  )
})

test('a runner leaves nothing behind: no listener on the process', async () => {
  const before = process.eventNames().length
  const { walk, runner, clock } = slowWalk(3)
  await runner.enqueue(walk, null)
  await runToEnd(runner, clock)

  expect(process.eventNames().length).toBe(before)
})
