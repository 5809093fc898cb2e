import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor, Snooze } from '../../src/index.js'
import { runToEnd } from '../../src/testing/index.js'
import { setup } from '../setup.js'

test('a job that is claimed after its deadline fails without a run', async () => {
  let runs = 0
  const job = defineProcessor({ name: 'job', input: z.null(), run: () => void runs++ })
  const { runner, clock } = setup([job])
  const { id } = await runner.enqueue(job, null, { deadlineMs: 60_000 })
  await clock.advance(60_000)
  await runner.work()

  expect(runs).toBe(0)
  expect(await runner.get(id)).toMatchObject({
    state: 'failed',
    errors: { last: { code: 'deadline_exceeded' } },
  })
})

test('a handler is told to stop at the deadline, and its job is not tried again', async () => {
  const reasons: unknown[] = []
  const job = defineProcessor({
    name: 'job',
    input: z.null(),
    run: ({ signal }) =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => {
          reasons.push(signal.reason)
          reject(signal.reason)
        }),
      ),
  })
  const { runner, clock } = setup([job])
  const { id } = await runner.enqueue(job, null, { deadlineMs: 90_000 })
  await clock.advance(30_000)
  const pass = runner.work()
  await clock.advance(59_000)
  expect(await runner.get(id)).toMatchObject({ state: 'running' })
  await clock.advance(1_000)
  await pass

  expect(reasons).toMatchObject([{ code: 'deadline_exceeded' }])
  expect(await runner.get(id)).toMatchObject({ state: 'failed', attempts: 1 })
})

test('a deadline holds over retries and waits, and hurts nobody who is in time', async () => {
  const again = defineProcessor({
    name: 'again',
    input: z.boolean(),
    run: ({ input }) => {
      if (input) throw new Snooze(10_000)
    },
  })
  const { runner, clock } = setup([again])
  const late = await runner.enqueue(again, true, { deadlineMs: 35_000 })
  const early = await runner.enqueue(again, false, { deadlineMs: 35_000 })
  await runToEnd(runner, clock)

  expect(await runner.get(early.id)).toMatchObject({ state: 'completed' })
  expect(await runner.get(late.id)).toMatchObject({
    state: 'failed',
    errors: { last: { code: 'deadline_exceeded' } },
  })
})

test.each([0, -1, 1.5, Number.NaN, 31_536_000_001])(
  'a deadline of %s is refused at the door',
  async deadlineMs => {
    const job = defineProcessor({ name: 'job', input: z.null(), run: () => {} })
    const { runner } = setup([job])
    await expect(runner.enqueue(job, null, { deadlineMs })).rejects.toMatchObject({
      code: 'invalid_options',
      option: 'deadlineMs',
    })
  },
)
