import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor, JobNotFoundError, JobStateError, OptionsError } from '../../src/index.js'
import { runToEnd } from '../../src/testing/index.js'
import { setup } from '../setup.js'

/** A job that runs until its signal aborts, and keeps the reason. */
function patient() {
  const reasons: unknown[] = []
  const job = defineProcessor({
    name: 'patient',
    input: z.null(),
    run: ({ signal, checkpoint }) =>
      checkpoint('begun').then(
        () =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              reasons.push(signal.reason)
              reject(signal.reason)
            })
          }),
      ),
  })
  return { job, reasons, ...setup([job]) }
}

const quick = defineProcessor({ name: 'quick', input: z.null(), run: () => 'done' })

test('a waiting job is cancelled at once, and never runs', async () => {
  const { runner, clock } = setup([quick])
  const { id } = await runner.enqueue(quick, null)

  expect(await runner.cancel(id)).toMatchObject({ state: 'cancelled' })
  await runToEnd(runner, clock)
  expect(await runner.get(id)).toMatchObject({ state: 'cancelled', startedAt: null })
})

test('a running job sees a cancel from another process at its next save', async () => {
  const { job, reasons, runner, another, clock } = patient()
  const { id } = await runner.enqueue(job, null)
  const pass = runner.work()
  await clock.advance(100)

  expect(await another().cancel(id)).toMatchObject({ state: 'running', wish: 'cancel' })
  await clock.advance(2_000)
  await pass

  expect(reasons).toMatchObject([{ code: 'cancelled' }])
  expect(await runner.get(id)).toMatchObject({ state: 'cancelled', wish: null, attempts: 0 })
})

test('a paused job keeps its cursor, waits for as long as it must, and goes on there', async () => {
  const { job, runner, store, clock } = patient()
  const { id } = await runner.enqueue(job, null)
  const pass = runner.work()
  await clock.advance(100)

  await runner.pause(id)
  await clock.advance(2_000)
  await pass
  expect(await runner.get(id)).toMatchObject({ state: 'paused', wish: null, attempts: 0, interruptions: 0 })
  expect(await runner.work(), 'a paused job is not due').toEqual({ slices: 0, dueInMs: null })

  await runner.resume(id)
  expect(await runner.get(id)).toMatchObject({ state: 'waiting' })
  expect((await store.get(id))?.cursor).toBe('"begun"')
})

test('to cancel twice is fine; to cancel what has completed is an error that says so', async () => {
  const { runner, clock } = setup([quick])
  const { id } = await runner.enqueue(quick, null)
  const { id: other } = await runner.enqueue(quick, null)
  await runner.cancel(other)
  await runToEnd(runner, clock)

  expect(await runner.cancel(other)).toMatchObject({ state: 'cancelled' })
  await expect(runner.cancel(id)).rejects.toThrow(JobStateError)
  await expect(runner.cancel(id)).rejects.toThrow(`Job ${id} is completed, so it can't be cancelled.`)
  await expect(runner.cancel('nobody')).rejects.toThrow(JobNotFoundError)
})

test('a cancelled job can be retried, by a person', async () => {
  const { runner, clock } = setup([quick])
  const { id } = await runner.enqueue(quick, null)
  await runner.cancel(id)

  await runner.retry(id)
  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({ state: 'completed', output: 'done' })
})

test('to retry only failed items of a job without items is refused', async () => {
  const { runner } = setup([quick])
  const { id } = await runner.enqueue(quick, null)
  await runner.cancel(id)

  await expect(runner.retry(id, { only: 'failed' })).rejects.toThrow(OptionsError)
})

test('a job for later can be promoted to now', async () => {
  const { runner } = setup([quick])
  const { id } = await runner.enqueue(quick, null, { delayMs: 60_000 })
  expect(await runner.work()).toEqual({ slices: 0, dueInMs: 60_000 })

  await runner.promote(id)

  expect(await runner.work()).toEqual({ slices: 1, dueInMs: null })
})

test('ended jobs are pruned by age, and live ones never', async () => {
  const { runner, clock } = setup([quick])
  await runner.enqueue(quick, null)
  await runToEnd(runner, clock)
  const { id } = await runner.enqueue(quick, null, { delayMs: 1_000_000 })
  await clock.advance(10_000)

  const ended = ['completed', 'failed', 'cancelled'] as const
  expect(await runner.prune({ states: ended, olderThanMs: 10_001, limit: 100 })).toBe(0)
  expect(await runner.prune({ states: ended, olderThanMs: 10_000, limit: 100 })).toBe(1)
  expect((await runner.list()).jobs.map(job => job.id)).toEqual([id])
})
