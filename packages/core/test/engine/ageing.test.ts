import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createAgeing } from '../../src/engine/ageing.js'
import { createRunner, defineProcessor, memoryStore } from '../../src/index.js'
import { fakeClock } from '../../src/testing/index.js'
import { setup } from '../setup.js'

/** `begun` has the inputs in the order in which the jobs were begun. */
function noting() {
  const begun: string[] = []
  const job = defineProcessor({ name: 'job', input: z.string(), run: ({ input }) => void begun.push(input) })
  return { job, begun }
}

const urgent = { input: 'urgent', priority: 'high' } as const
const backlog = Array.from({ length: 1_000 }, () => urgent)

/** Which one of so many urgent jobs and the one that was there before them is that one. */
async function placeOfPatient(more: { concurrency: number; ageing?: number | false }) {
  const { job, begun } = noting()
  const { runner, clock } = setup([job], more)
  await runner.enqueue(job, 'patient', { priority: 'low' })
  await clock.advance(1_000)
  await runner.enqueueMany(job, backlog)
  await runner.work()
  return begun.indexOf('patient') + 1
}

/** A worker claims what it has slots for, and as much ahead as the reserve holds. */
const mostAtOnce = (concurrency: number) => concurrency + Math.max(3 * concurrency, 20)

describe('a job that is not urgent', () => {
  test.each([
    [1, 2],
    [1, 10],
    [1, 30],
    [7, 10],
    [20, 5],
  ])(
    'gets its turn among urgent ones: %s slots, one of %s for the longest due',
    async (concurrency, ageing) => {
      const place = await placeOfPatient({ concurrency, ageing })
      expect(place).toBeGreaterThan(1)
      expect(place).toBeLessThanOrEqual(ageing * (0 + 1 + mostAtOnce(concurrency)))
    },
  )

  test('gets it without being asked for', async () => {
    expect(await placeOfPatient({ concurrency: 1 })).toBeLessThan(250)
  })

  test('waits for all urgent ones, where there is no ageing', async () => {
    expect(await placeOfPatient({ concurrency: 1, ageing: false })).toBe(1_001)
  })

  test('gets its turn in passes that are too short for a round', async () => {
    const { job, begun } = noting()
    const clock = fakeClock()
    const store = memoryStore({ clock })
    let chance = 0
    const random = () => {
      chance = (chance + 0.618) % 1
      return chance
    }
    const cold = () => createRunner({ store, clock, random, processors: [job], concurrency: 1 })
    await cold().enqueue(job, 'patient', { priority: 'low' })
    await clock.advance(1_000)
    await cold().enqueueMany(job, backlog)
    for (let pass = 0; pass < 100; pass++) await cold().work({ budgetMs: 5_000, maxJobs: 1 })
    expect(begun).toHaveLength(100)
    expect(begun).toContain('patient')
  })

  test.each([0, -1, 1.5, 1_001, Number.NaN])('gets no share of %s', ageing => {
    expect(() => setup([noting().job], { ageing })).toThrow('ageing')
  })
})

describe('the share of the longest due', () => {
  const anyClaims = fc.array(fc.record({ limit: fc.integer({ min: 1, max: 50 }), given: fc.nat(50) }))

  test('is one in so many, but for less than one claim', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), anyClaims, (every, claims) => {
        const ageing = createAgeing(every, 0)
        let all = 0
        let byAge = 0
        for (const { limit, given } of claims) {
          const jobs = Math.min(limit, given)
          const order = ageing.orderOf(limit)
          ageing.claimed(jobs, order)
          all += jobs
          if (order === 'age') byAge += jobs
          expect(byAge).toBeLessThanOrEqual(all / every)
          expect(byAge).toBeGreaterThan(all / every - 50)
        }
      }),
    )
  })

  test('is the same over many short passes, wherever each begins', () => {
    const starts = Array.from({ length: 1_000 }, (_, place) => place / 1_000)
    const byAge = starts.filter(start => createAgeing(10, start).orderOf(7) === 'age')
    expect(byAge.length).toBeGreaterThanOrEqual(90)
    expect(byAge.length).toBeLessThanOrEqual(110)
  })
})
