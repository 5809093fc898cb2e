import { expect, test } from 'vitest'
import { z } from 'zod'
import { createRunner, defineProcessor, memoryStore } from '../../src/index.js'
import { fakeClock, runToEnd } from '../../src/testing/index.js'

function setup() {
  const clock = fakeClock()
  const store = memoryStore({ clock })
  const walk = defineProcessor({
    name: 'walk',
    input: z.object({ upTo: z.number() }),
    counters: ['seen'],
    gate: () => ({ key: 'api', spacingMs: 1_000, pauseAfter: { calls: 25, pauseMs: 20_000 } }),
    total: ({ input }) => input.upTo,
    items: ({ input, cursor, limit }) =>
      Array.from({ length: Math.min(limit, input.upTo - (cursor ?? 0)) }, (_, index) => {
        const id = (cursor ?? 0) + index + 1
        return [id, { id }] as const
      }),
    each: async (item, { call, count }) => {
      await call(() => item.id)
      count('seen')
    },
    finish: ({ counters }) => ({ seen: counters.seen ?? 0 }),
    batchSize: 10,
  })
  const runner = createRunner({ store, clock, processors: [walk], random: () => 0.5 })
  return { clock, runner, walk }
}

test('a walk over items behind a gate ends with all of them counted', async () => {
  const { clock, runner, walk } = setup()
  const startedAt = clock.now()
  const job = await runner.enqueue(walk, { upTo: 100 })
  await runToEnd(runner, clock)

  const ended = await runner.get(job.id)
  expect(ended).toMatchObject({ state: 'completed', output: { seen: 100 }, counters: { seen: 100 } })
  expect(ended?.progress).toEqual({ done: 100, failed: 0, skipped: 0, total: 100, percent: 100 })
  expect(clock.now() - startedAt).toBeGreaterThan(150_000)
  console.log(ended, clock.now() - startedAt)
})
