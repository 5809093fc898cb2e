import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { partsOf } from '../../src/engine/fair-claimer.js'
import { createTurns } from '../../src/engine/turns.js'
import { defineProcessor } from '../../src/index.js'
import { setup } from '../setup.js'

/** Notes the queue of each job in the order in which they are begun. */
function queues() {
  const begun: string[] = []
  const job = defineProcessor({ name: 'job', input: z.string(), run: ({ input }) => void begun.push(input) })
  return { job, begun }
}

async function fill(count: number, queue: string, { runner, job }: Filled) {
  await runner.enqueueMany(
    job,
    Array.from({ length: count }, () => ({ input: queue, queue })),
  )
}
type Filled = ReturnType<typeof queues> & Pick<ReturnType<typeof setup>, 'runner'>

describe('queues with weights', () => {
  test('share the slots by them, however many jobs one has', async () => {
    const { job, begun } = queues()
    const { runner } = setup([job], { concurrency: 4, weights: { bulk: 1, users: 3 } })
    await fill(400, 'bulk', { runner, job, begun } as never)
    await fill(60, 'users', { runner, job, begun } as never)
    await runner.work({ maxJobs: 40 })
    const users = begun.filter(queue => queue === 'users').length
    expect(Math.abs(users - begun.length * 0.75)).toBeLessThan(2)
  })

  test('leave their places to others while they have nothing', async () => {
    const { job, begun } = queues()
    const { runner } = setup([job], { concurrency: 10, weights: { users: 100 } })
    await fill(50, 'other', { runner, job, begun } as never)
    await runner.work()
    expect(begun).toHaveLength(50)
  })

  test('are all worked, also those that none is named for', async () => {
    const { job, begun } = queues()
    const { runner } = setup([job], { concurrency: 3, weights: { a: 2, b: 5 } })
    for (const queue of ['a', 'b', 'c', 'd']) await fill(20, queue, { runner, job, begun } as never)
    await runner.work()
    expect((await runner.stats()).states.completed).toBe(80)
  })

  test('can be paused, one by one', async () => {
    const { job, begun } = queues()
    const { runner } = setup([job], { weights: { a: 2 } })
    await runner.queues.pause('a')
    await runner.queues.pause('c')
    for (const queue of ['a', 'b', 'c']) await fill(3, queue, { runner, job, begun } as never)
    await runner.work()
    expect(begun).toEqual(['b', 'b', 'b'])
  })

  test.each([0, 1.5, 1_001])('are refused a weight of %s', weight => {
    const { job } = queues()
    expect(() => setup([job], { weights: { a: weight } })).toThrow('weights.a')
  })
})

test('a worker claims from each weighted queue by itself, and from the rest at once', () => {
  const processors = ['p']
  expect(partsOf({ processors }, {})).toEqual([{ wanted: { processors, exceptQueues: [] }, weight: 1 }])
  expect(partsOf({ processors }, { a: 3 })).toEqual([
    { wanted: { processors, queues: ['a'] }, weight: 3 },
    { wanted: { processors, exceptQueues: ['a'] }, weight: 1 },
  ])
  expect(partsOf({ processors, queues: ['a', 'b'] }, { a: 3, other: 9 })).toEqual([
    { wanted: { processors, queues: ['a'] }, weight: 3 },
    { wanted: { processors, queues: ['b'] }, weight: 1 },
  ])
  expect(partsOf({ processors, queues: ['a'] }, { a: 3 })).toHaveLength(1)
})

test('nobody is ever a whole place away from its share', () => {
  const anyWeights = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(anyWeights, fc.array(fc.nat(20), { maxLength: 40 }), (weights, rounds) => {
      const total = weights.reduce((sum, weight) => sum + weight)
      const turns = createTurns(weights)
      const got = weights.map(() => 0)
      const everyone = weights.map((_, index) => index)
      let places = 0
      for (const round of rounds) {
        for (const index of turns.next(round, everyone)) got[index] = (got[index] ?? 0) + 1
        places += round
        for (const [index, weight] of weights.entries())
          expect(Math.abs((got[index] ?? 0) - (places * weight) / total)).toBeLessThan(weights.length)
      }
    }),
  )
})
