import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor } from '../../src/index.js'
import { runToEnd } from '../../src/testing/index.js'
import { setup } from '../setup.js'

function reporting(progress: object) {
  return defineProcessor({
    name: 'reporting',
    input: z.null(),
    retry: { attempts: 1 },
    run: context => context.progress(progress),
  })
}

test.each([
  [{ done: 1.5 }, 'progress.done'],
  [{ done: Number.NaN }, 'progress.done'],
  [{ done: -1 }, 'progress.done'],
  [{ done: 1e300 }, 'progress.done'],
  [{ done: null }, 'progress.done'],
  [{ done: 1, total: 2.5 }, 'progress.total'],
  [{ total: Number.POSITIVE_INFINITY }, 'progress.total'],
  [{ dnoe: 1 }, 'progress.dnoe'],
])(
  'what is no count fails the attempt that reports it, and none of it is kept: %j',
  async (given, option) => {
    const processor = reporting(given)
    const { runner, clock } = setup([processor])
    const { id } = await runner.enqueue(processor, null)
    await runToEnd(runner, clock)

    const job = await runner.get(id)
    expect(job).toMatchObject({
      state: 'failed',
      progress: { done: 0, total: null },
      errors: { last: { code: 'invalid_options' } },
    })
    expect(job?.errors?.last.message).toContain(option)
  },
)

test('a total may be unknown, and what is not given stays', async () => {
  const processor = defineProcessor({
    name: 'careful',
    input: z.null(),
    run: ({ progress }) => {
      progress({ done: 3, total: 7 })
      progress({ done: 4, total: undefined as never })
    },
  })
  const unsure = reporting({ done: 1, total: null })
  const { runner, clock } = setup([processor, unsure])
  const { id } = await runner.enqueue(processor, null)
  const other = await runner.enqueue(unsure, null)
  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({ progress: { done: 4, total: 7 } })
  expect(await runner.get(other.id)).toMatchObject({ state: 'completed', progress: { done: 1, total: null } })
})

test('a walk whose total is no count fails, and says so', async () => {
  const walking = defineProcessor({
    name: 'walking',
    input: z.null(),
    retry: { attempts: 1 },
    items: () => ({ items: [], next: null }),
    total: () => 1.5,
    each: () => {},
  })
  const { runner, clock } = setup([walking])
  const { id } = await runner.enqueue(walking, null)
  await runToEnd(runner, clock)

  const job = await runner.get(id)
  expect(job?.state).toBe('failed')
  expect(job?.errors?.last.message).toContain('progress.total')
})
