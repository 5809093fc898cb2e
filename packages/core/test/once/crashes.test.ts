import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fault } from '../../src/testing/index.js'
import { charges, outsideWorld, runThrough } from './effects.js'

const everything = ['item 1', 'item 2', 'item 3', 'item 4', 'item 5', 'item 6', 'report']

test('a walk that charges six items and reports makes no more than 18 calls of the store', async () => {
  const { calls } = await runThrough(charges(outsideWorld()), {
    nth: Number.POSITIVE_INFINITY,
    fault: 'error_before',
  })
  expect(calls).toBeLessThanOrEqual(18)
})

describe.each(['error_before', 'error_after', 'crash_before', 'crash_after'] as const)('%s', fault => {
  test.each(Array.from({ length: 18 }, (_, index) => index + 1))(
    'at call %i repeats no effect whose result was saved',
    async nth => {
      const world = outsideWorld()

      const { job, trace } = await runThrough(charges(world), { nth, fault })

      expect(job).toMatchObject({ state: 'completed', output: 6, counters: { charged: 6 } })
      expect([...new Set(world.done)].sort()).toEqual(everything)
      world.assertOneReceiptEach()
      const wasSaved = fault === 'crash_after' && trace[nth - 1] === 'commit'
      const mayRepeat = fault.startsWith('crash') && !wasSaved
      expect(world.done.length - everything.length, 'repeats').toBeLessThanOrEqual(mayRepeat ? 1 : 0)
    },
  )
})

test('whatever fails, and however items are worked, an effect that was answered for never happens again', async () => {
  const faults = fc.constantFrom<Fault>('error_before', 'error_after', 'crash_before', 'crash_after')
  const shapes = fc.record({
    nth: fc.integer({ min: 1, max: 30 }),
    fault: faults,
    concurrency: fc.integer({ min: 1, max: 4 }),
    batchSize: fc.integer({ min: 1, max: 7 }),
    pages: fc.boolean(),
    shy: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
    onItemError: fc.constantFrom({}, { retries: 1, backoff: { type: 'fixed', delayMs: 5 } as const }),
  })
  await fc.assert(
    fc.asyncProperty(shapes, async ({ nth, fault, shy, ...policy }) => {
      const world = outsideWorld()
      const left = [...shy]
      const afterwards = (id: number) => {
        const at = left.indexOf(id)
        if (at >= 0 && left.splice(at, 1)) throw new Error(`item ${id} is shy`)
      }

      const { job } = await runThrough(charges(world, { ...policy, afterwards }), { nth, fault })

      expect(job).toMatchObject({ state: 'completed', output: 6 })
      world.assertOneReceiptEach()
      const unsaved = fault.startsWith('crash') ? policy.concurrency : 0
      expect(world.done.length - everything.length).toBeLessThanOrEqual(unsaved)
    }),
    { numRuns: 50 },
  )
}, 60_000)
