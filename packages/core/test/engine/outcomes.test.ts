import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor, Fatal, HandOver, RetryAfter, Snooze } from '../../src/index.js'
import { runToEnd } from '../../src/testing/index.js'
import { setup } from '../setup.js'

/** A processor whose handler is given by the test, with a fixed backoff of a second. */
function processor(run: (attempt: number) => unknown, more: object = {}) {
  return defineProcessor({
    name: 'job',
    input: z.null(),
    retry: { attempts: 3, backoff: { type: 'fixed', delayMs: 1_000, jitter: 'none' } },
    ...more,
    run: ({ attempt }) => run(attempt),
  })
}

function always(error: unknown) {
  return () => {
    throw error
  }
}

test('what a handler returns becomes the output of the completed job', async () => {
  const job = processor(() => ({ answer: 42 }))
  const { runner, clock } = setup([job])
  const { id } = await runner.enqueue(job, null)

  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({
    state: 'completed',
    output: { answer: 42 },
    attempts: 0,
    errors: null,
  })
})

test('a job that keeps failing ends as failed after its last attempt, each after its backoff', async () => {
  const job = processor(always(new Error('no luck')))
  const { runner, clock } = setup([job])
  const { id } = await runner.enqueue(job, null)

  expect(await runner.work()).toEqual({ slices: 1, dueInMs: 1_000 })
  await clock.advance(999)
  expect(await runner.work(), 'not due yet').toEqual({ slices: 0, dueInMs: 1 })
  await clock.advance(1)
  await runner.work()
  await clock.advance(1_000)
  expect(await runner.work()).toEqual({ slices: 1, dueInMs: null })

  expect(await runner.get(id)).toMatchObject({
    state: 'failed',
    attempts: 3,
    errors: { first: { message: 'no luck' }, last: { message: 'no luck' } },
  })
})

test('a job that fails and then succeeds is completed, and its output stands', async () => {
  const job = processor(attempt => (attempt < 3 ? always(new Error('not yet'))() : 'done'))
  const { runner, clock } = setup([job])
  const { id } = await runner.enqueue(job, null)

  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({ state: 'completed', output: 'done', attempts: 2 })
})

test('a fatal error ends the job at once', async () => {
  const job = processor(always(new Fatal('the account is closed')))
  const { runner, clock } = setup([job])
  const { id } = await runner.enqueue(job, null)

  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({
    state: 'failed',
    attempts: 1,
    errors: { last: { code: 'fatal' } },
  })
})

test('the retry policy of a processor can refuse an error', async () => {
  const retry = { retryable: (error: unknown) => (error as Error).message !== 'gone' }
  const job = processor(always(new Error('gone')), { retry })
  const { runner, clock } = setup([job])
  const { id } = await runner.enqueue(job, null)

  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({ state: 'failed', attempts: 1 })
})

test.each([
  ['RetryAfter', () => new RetryAfter(5_000), { throttles: 3, interruptions: 0 }],
  ['Snooze', () => new Snooze(5_000), { throttles: 0, interruptions: 0 }],
  ['HandOver', () => new HandOver(), { throttles: 0, interruptions: 3 }],
])('%s gives the job back without using an attempt', async (_, signal, counters) => {
  let runs = 0
  const job = processor(() => (runs++ < 3 ? always(signal())() : runs))
  const { runner, clock } = setup([job])
  const { id } = await runner.enqueue(job, null)

  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({
    state: 'completed',
    output: 4,
    attempts: 0,
    errors: null,
    ...counters,
  })
})

test('RetryAfter is kept to: the job is due exactly then', async () => {
  const job = processor(always(new RetryAfter(5_000)))
  const { runner } = setup([job])
  await runner.enqueue(job, null)

  expect(await runner.work()).toEqual({ slices: 1, dueInMs: 5_000 })
})

test('a job that is given back a hundred times without getting further fails, and says so', async () => {
  const job = processor(always(new HandOver()), { retry: { attempts: 1 } })
  const { runner, clock } = setup([job])
  const { id } = await runner.enqueue(job, null)

  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({
    state: 'failed',
    interruptions: 100,
    errors: { last: { code: 'no_progress' } },
  })
})

test('an output that JSON can not hold fails the job and names the part', async () => {
  const job = processor(() => ({ list: [1, { at: new Date(0) }] }))
  const { runner, clock } = setup([job])
  const { id } = await runner.enqueue(job, null)

  await runToEnd(runner, clock)

  const { errors } = (await runner.get(id)) ?? {}
  expect(errors?.last.code).toBe('not_storable')
  expect(errors?.last.message).toContain('$.list[1].at is a Date')
})

test.each([
  ['a string', 'just text', 'Thrown: just text'],
  ['null', null, 'Thrown: null'],
  ['undefined', undefined, 'Thrown: undefined'],
  ['an object', { a: 1 }, 'Thrown: [object Object]'],
  ['a NUL and a lone surrogate', new Error('\0 \ud800'), '\0 \ud800'],
])('whatever is thrown is kept: %s', async (_, thrown, message) => {
  const job = processor(always(thrown), { retry: { attempts: 1 } })
  const { runner, clock } = setup([job])
  const { id } = await runner.enqueue(job, null)

  await runToEnd(runner, clock)

  expect((await runner.get(id))?.errors?.last.message).toBe(message)
})

test('an error message of 10 MB is cut, and a cyclic cause ends', async () => {
  const error = new Error('x'.repeat(10_000_000))
  error.cause = error
  const job = processor(always(error), { retry: { attempts: 1 } })
  const { runner, store, clock } = setup([job])
  const { id } = await runner.enqueue(job, null)

  await runToEnd(runner, clock)

  expect((await store.get(id))?.error?.length).toBeLessThan(16_384)
})

test('progress starts the count of attempts anew, so that a long job may fail often', async () => {
  let runs = 0
  const job = defineProcessor({
    name: 'job',
    input: z.null(),
    retry: { attempts: 2 },
    run: async ({ cursor, checkpoint }) => {
      const next = Number(cursor ?? 0) + 1
      if (next > 5) return runs
      if (runs++ % 2 === 0) throw new Error('every other run fails')
      await checkpoint(next)
      throw new HandOver()
    },
  })
  const { runner, clock } = setup([job])
  const { id } = await runner.enqueue(job, null)

  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({ state: 'completed', output: 10, interruptions: 5 })
})
