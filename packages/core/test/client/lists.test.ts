import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor } from '../../src/index.js'
import { runToEnd } from '../../src/testing/index.js'
import { setup } from '../setup.js'

const quick = defineProcessor({ name: 'quick', input: z.number(), run: ({ input }) => input })

test('lists give the newest first, page by page, without inputs and outputs', async () => {
  const { runner } = setup([quick])
  const ids = (
    await runner.enqueueMany(
      quick,
      [1, 2, 3, 4, 5].map(input => ({ input })),
    )
  ).map(({ id }) => id)

  const first = await runner.list({}, { limit: 2 })
  const second = await runner.list({}, { limit: 2, after: first.next as string })
  const third = await runner.list({}, { limit: 2, after: second.next as string })

  const listed = [first, second, third].flatMap(({ jobs }) => jobs)
  expect(listed.map(({ id }) => id)).toEqual([...ids].reverse())
  expect(third.next).toBeNull()
  expect(listed[0]).not.toHaveProperty('input')
})

test.each([
  { limit: 0 },
  { limit: 1_001 },
  { limit: 1, after: 'x' },
  { limit: 1, after: '-1' },
  { limit: 1, after: '' },
])('no page is asked of the store that can not be: %j', async page => {
  const { runner } = setup([quick])
  const { id } = await runner.enqueue(quick, 1)
  for (const ask of [
    () => runner.list({}, page),
    () => runner.items(id, page),
    () => runner.logs(id, page),
  ]) {
    await expect(ask()).rejects.toMatchObject({ code: 'invalid_options' })
  }
})

test('lists and stats take the same filter', async () => {
  const { runner, clock } = setup([quick])
  await runner.enqueue(quick, 1, { tenant: 'one', tags: ['red'] })
  await runner.enqueue(quick, 2, { tenant: 'two', tags: ['red', 'blue'] })
  await runToEnd(runner, clock)
  await runner.enqueue(quick, 3, { tenant: 'two' })

  expect((await runner.list({ tenant: 'two', states: ['completed'] })).jobs).toHaveLength(1)
  expect((await runner.list({ tag: 'red' })).jobs).toHaveLength(2)
  expect((await runner.stats({ tenant: 'two' })).states).toMatchObject({ completed: 1, waiting: 1 })
})

test('log lines are kept with the job, in their order, up to a bound', async () => {
  const chatty = defineProcessor({
    name: 'chatty',
    input: z.null(),
    run: ({ log }) => {
      log.info('hello')
      for (let line = 0; line < 2_000; line++) log.debug(`line ${line}`)
    },
  })
  const { runner, clock } = setup([chatty])
  const { id } = await runner.enqueue(chatty, null)
  await runToEnd(runner, clock)

  const { records, next } = await runner.logs(id, { limit: 1_000 })

  expect(records).toHaveLength(1_000)
  expect(next).toBeNull()
  expect(records[0]).toEqual({ at: '2026-01-01T00:00:00.000Z', level: 'info', message: 'hello' })
})
