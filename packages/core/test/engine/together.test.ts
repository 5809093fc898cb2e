import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor, HandOver } from '../../src/index.js'
import { runToEnd } from '../../src/testing/index.js'
import { deferred, setup } from '../setup.js'

test('follow-up jobs exist once their work is saved, and then exactly once', async () => {
  let failures = 0
  const child = defineProcessor({ name: 'child', input: z.number(), run: () => {} })
  const parent = defineProcessor({
    name: 'parent',
    input: z.null(),
    retry: { backoff: { type: 'fixed', delayMs: 10 } },
    run: async ({ enqueue }) => {
      await enqueue(child, failures, { key: 'only' })
      await enqueue(child, failures)
      if (failures++ < 2) throw new Error('after the enqueue')
    },
  })
  const { runner, clock } = setup([parent, child])
  await runner.enqueue(parent, null)

  await runToEnd(runner, clock)

  const { jobs } = await runner.list({ processors: ['child'] })
  const inputs = await Promise.all(jobs.map(async ({ id }) => (await runner.get(id))?.input))
  expect(jobs.every(({ state }) => state === 'completed')).toBe(true)
  expect(inputs.sort(), 'each failure kept its own, for the attempt was saved').toEqual([0, 0, 1, 2])
})

test('jobs behind one gate wait without using attempts, and never go faster than it allows', async () => {
  const starts: number[] = []
  const limited = defineProcessor({
    name: 'limited',
    input: z.null(),
    gate: () => ({ key: 'api', rates: [{ limit: 2, perMs: 10_000 }] }),
    run: ({ call }) => call(() => starts.push(0)),
  })
  const { runner, another, clock } = setup([limited])
  await runner.enqueueMany(
    limited,
    Array.from({ length: 10 }, () => ({ input: null })),
  )
  const startedAt = clock.now()

  await Promise.all([runToEnd(runner, clock), runToEnd(another(), clock)])

  expect(starts).toHaveLength(10)
  expect(clock.now() - startedAt).toBeGreaterThanOrEqual(40_000)
  const { jobs } = await runner.list()
  expect(jobs.every(({ attempts, state }) => attempts === 0 && state === 'completed')).toBe(true)
})

test('a "too many requests" answer closes the gate for every job of its key, and for no other', async () => {
  const calls: { account: string; at: number }[] = []
  const refusals: number[] = []
  const { runner, clock } = setup([
    defineProcessor({
      name: 'calls',
      input: z.string(),
      gate: account => ({ key: account }),
      run: async ({ input, call }) => {
        await call(() => {
          if (input === 'busy' && clock.now() < startedAt + 30_000) {
            refusals.push(clock.now() - startedAt)
            throw Object.assign(new Error('slow down'), { status: 429, headers: { 'retry-after': '30' } })
          }
          calls.push({ account: input, at: clock.now() })
        })
      },
    }),
  ])
  const startedAt = clock.now()
  await runner.enqueue('calls', 'busy')
  await runner.enqueue('calls', 'busy')
  await runner.enqueue('calls', 'calm')

  await runToEnd(runner, clock)

  const waited = (account: string) =>
    calls.filter(call => call.account === account).map(({ at }) => at - startedAt)
  expect(waited('calm')).toEqual([0])
  expect(Math.min(...waited('busy'))).toBeGreaterThanOrEqual(30_000)
  expect(refusals, 'those that were under way together').toEqual([0, 0])
  expect((await runner.list()).jobs.map(({ attempts }) => attempts)).toEqual([0, 0, 0])
})

test('each change of a job is told once, in order', async () => {
  let runs = 0
  const job = defineProcessor({
    name: 'job',
    input: z.null(),
    run: async ({ checkpoint }) => {
      if (runs++ === 0) throw new Error('once')
      await checkpoint(runs)
      if (runs < 3) throw new HandOver()
    },
  })
  const { runner, clock } = setup([job])
  const told: string[] = []
  for (const event of [
    'enqueued',
    'started',
    'progress',
    'retrying',
    'yielded',
    'completed',
    'failed',
  ] as const) {
    runner.on(event, () => told.push(event))
  }
  await runner.enqueue(job, null)

  await runToEnd(runner, clock)

  expect(told).toEqual([
    'enqueued',
    'started',
    'retrying',
    'started',
    'progress',
    'yielded',
    'started',
    'progress',
    'completed',
  ])
})

test('a listener that throws stops nothing, and is reported', async () => {
  const job = defineProcessor({ name: 'job', input: z.null(), run: () => {} })
  const { runner, clock } = setup([job])
  const errors: unknown[] = []
  let heard = 0
  runner.on('error', error => errors.push(error))
  runner.on('completed', () => {
    throw new Error('a bug in a listener')
  })
  const off = runner.on('completed', () => heard++)
  await runner.enqueue(job, null)
  await runToEnd(runner, clock)
  off()
  await runner.enqueue(job, null)
  await runToEnd(runner, clock)

  expect(errors).toHaveLength(2)
  expect(heard).toBe(1)
  expect((await runner.stats()).states.completed).toBe(2)
})

test('two runners share nothing but the store', async () => {
  const job = defineProcessor({ name: 'job', input: z.null(), run: ({ count }) => count('runs') })
  const one = setup([job])
  const two = setup([job])
  await one.runner.enqueue(job, null)

  await runToEnd(two.runner, two.clock)

  expect((await one.runner.stats()).states.waiting).toBe(1)
})

test('a slot is free once its handler has returned, and only so many slices wait for their last write', async () => {
  let worked = 0
  const quick = defineProcessor({
    name: 'quick',
    input: z.number(),
    run: () => {
      worked++
    },
  })
  const { runner, store, clock } = setup([quick], { concurrency: 2 })
  await runner.enqueueMany(
    quick,
    Array.from({ length: 40 }, (_, input) => ({ input })),
  )
  const commit = store.commit.bind(store)
  const opened = deferred()
  store.commit = writes => opened.promise.then(() => commit(writes))
  await runner.start()
  await clock.advance(5_000)
  expect(worked, 'four for each slot, and those in the slots').toBeGreaterThanOrEqual(8)
  expect(worked).toBeLessThanOrEqual(10)

  opened.resolve()
  await clock.advance(5_000)
  expect(worked).toBe(40)
  expect((await runner.stats()).states.completed).toBe(40)
  await runner.stop()
})
