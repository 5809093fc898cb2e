import { expect, test } from 'vitest'
import { z } from 'zod'
import { longestMs, nearestMs } from '../src/durations.js'
import { defineProcessor, RetryAfter, Snooze } from '../src/index.js'
import { runToEnd } from '../src/testing/index.js'
import { setup } from './setup.js'

const quick = defineProcessor({ name: 'quick', input: z.null(), run: () => {} })
const absurd = [Number.NaN, Number.POSITIVE_INFINITY, -1, 1e17, 1e300]

function thrower(thrown: () => unknown) {
  return defineProcessor({
    name: 'thrower',
    input: z.null(),
    retry: { attempts: 1 },
    run: () => {
      throw thrown()
    },
  })
}

test('the longest delay and the last instant can be enqueued, and are shown', async () => {
  const { runner } = setup([quick])
  await runner.enqueue(quick, null, { delayMs: longestMs })
  await runner.enqueue(quick, null, { runAt: '9999-12-31T23:59:59.999Z' })
  await runner.enqueue(quick, null, { runAt: new Date(0) })

  expect((await runner.list()).jobs.map(({ dueAt }) => dueAt)).toEqual([
    '1970-01-01T00:00:00.000Z',
    '9999-12-31T23:59:59.999Z',
    '2125-12-08T00:00:00.000Z',
  ])
})

test('a job that another version stored for an absurd instant does not keep the others from being listed', async () => {
  const { runner, store } = setup([quick])
  await runner.enqueue(quick, null)
  const { job } = await runner.prepare(quick, null)
  await store.insert([{ ...job, delayMs: 1e17 }])

  expect((await runner.list()).jobs[0]).toMatchObject({ dueAt: '9999-12-31T23:59:59.999Z' })
})

test('a follow-up with an absurd delay fails the work that asks for it, and is not stored', async () => {
  const asking = defineProcessor({
    name: 'asking',
    input: z.null(),
    retry: { attempts: 1 },
    run: ({ enqueue }) => enqueue(quick, null, { delayMs: 1e16 }),
  })
  const { runner, clock } = setup([asking, quick])
  const { id } = await runner.enqueue(asking, null)
  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({
    state: 'failed',
    errors: { last: { code: 'invalid_options' } },
  })
  expect((await runner.list()).jobs).toHaveLength(1)
})

test.each(absurd)('a Snooze of %d fails the attempt, and says why', async ms => {
  const processor = thrower(() => new Snooze(ms))
  const { runner, clock } = setup([processor])
  const { id } = await runner.enqueue(processor, null)
  await runToEnd(runner, clock)

  const job = await runner.get(id)
  expect(job).toMatchObject({ state: 'failed', errors: { last: { code: 'invalid_options' } } })
  expect(job?.errors?.last.message).toContain('snoozeMs')
})

test('what the far side asks for beyond a hundred years counts as that', async () => {
  const processor = thrower(() => new RetryAfter(1e300))
  const { runner } = setup([processor])
  const { id } = await runner.enqueue(processor, null)
  await runner.work()

  expect(await runner.get(id)).toMatchObject({
    state: 'waiting',
    throttles: 1,
    dueAt: '2125-12-08T00:00:00.000Z',
  })
})

test('a backoff of its own that answers with an absurd wait is cut to a hundred years', async () => {
  const failing = defineProcessor({
    name: 'failing',
    input: z.null(),
    retry: { backoff: () => Number.POSITIVE_INFINITY },
    run: () => {
      throw new Error('no')
    },
  })
  const { runner } = setup([failing])
  const { id } = await runner.enqueue(failing, null)
  await runner.work()

  expect(await runner.get(id)).toMatchObject({ state: 'waiting', dueAt: '2125-12-08T00:00:00.000Z' })
})

test.each(absurd)('no processor has a duration of %d', ms => {
  const define = (more: object) => () =>
    defineProcessor({ name: 'p', input: z.null(), run: () => {}, ...more })

  expect(define({ timeoutMs: ms })).toThrow('timeoutMs')
  expect(define({ retry: { backoff: { type: 'fixed', delayMs: ms } } })).toThrow('retry.backoff.delayMs')
  expect(define({ retry: { backoff: { type: 'fixed', maxMs: ms } } })).toThrow('retry.backoff.maxMs')
})

test.each(absurd)('nobody waits, watches, stops or remembers for %d ms', async ms => {
  const { runner } = setup([quick])
  const { id } = await runner.enqueue(quick, null)
  for (const [option, ask] of [
    ['timeoutMs', () => runner.waitFor(id, { timeoutMs: ms })],
    ['pollMs', () => runner.waitFor(id, { pollMs: ms })],
    ['graceMs', () => runner.stop({ graceMs: ms })],
    ['forMs', () => runner.firstTime('id', ms)],
  ] as const) {
    await expect(ask()).rejects.toMatchObject({ code: 'invalid_options', option })
  }
})

test('the nearest wait to any number is from 0 to a hundred years', () => {
  expect([Number.NaN, -5, 7, 1e300].map(nearestMs)).toEqual([0, 0, 7, longestMs])
})
