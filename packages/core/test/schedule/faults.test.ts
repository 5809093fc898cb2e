import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createRunner, defineProcessor, memoryStore, type Schedule, type Store } from '../../src/index.js'
import { type Fault, fakeClock, faultyStore } from '../../src/testing/index.js'

const second = 1_000
const slotOf = defineProcessor({ name: 'slot', input: z.string(), run: () => {} })

function setup(schedule: Partial<Schedule<typeof slotOf>> = {}) {
  const clock = fakeClock(Date.UTC(2026, 0, 1))
  const jobs = memoryStore({ clock })
  const stored: string[] = []
  /** Remembers each job that was stored, also when it is pruned. */
  const store: Store = {
    ...jobs,
    async insert(batch) {
      const answer = await jobs.insert(batch)
      stored.push(
        ...batch.filter((job, index) => answer[index]?.id === job.id).map(job => JSON.parse(job.input)),
      )
      return answer
    },
  }
  const minutely = { name: 'minutely', processor: slotOf, everyMs: 60 * second, catchUp: 'all', ...schedule }
  const schedules = [{ ...minutely, input: ({ slot }) => slot } as Schedule<typeof slotOf>]
  const worker = (on: Store = store) =>
    createRunner({ store: on, clock, random: () => 0.5, processors: [slotOf], schedules, retention: false })
  return { clock, store, stored, worker }
}

const faults: readonly Fault[] = ['error_before', 'error_after', 'crash_before', 'crash_after']

describe('a worker that fails at any call of its store', () => {
  test.each(faults)('leaves one job for each slot (%s)', async fault => {
    for (let nth = 1; nth <= 6; nth++) {
      const { clock, store, stored, worker } = setup()
      await worker().tick()
      await clock.advance(180 * second)
      const failing = worker(faultyStore(store, { nth, fault })).tick()
      await Promise.all([failing.catch(() => {}), clock.advance(second)])
      await worker().tick()

      expect(stored, `at call ${nth}`).toEqual(
        ['00:01', '00:02', '00:03'].map(time => `2026-01-01T${time}:00.000Z`),
      )
    }
  })

  test('fails, here and there, in all of its calls', async () => {
    const { clock, store, worker } = setup()
    await worker().tick()
    await clock.advance(180 * second)
    const faulty = faultyStore(store, { nth: Number.POSITIVE_INFINITY, fault: 'error_before' })
    await worker(faulty).tick()
    expect(faulty.trace).toEqual(['cell', 'insert', 'cell', 'swap'])
  })
})

test('a worker that was frozen before its insert makes no job of a slot that was decided since', async () => {
  const { clock, store, stored, worker } = setup()
  await worker().tick()
  await clock.advance(60 * second)
  let thaw = () => {}
  const frozen = new Promise<void>(resolve => {
    thaw = resolve
  })
  const late = worker({
    ...store,
    async cell(name) {
      const cell = await store.cell(name)
      if (stored.length === 0) await frozen
      return cell
    },
  })
  const frozenTick = late.tick()
  await clock.advance(0)
  const awake = worker()
  await awake.work()
  await awake.prune({ states: ['completed'], olderThanMs: 0, limit: 10 })
  await clock.advance(10 * second)
  thaw()
  await frozenTick

  expect(stored).toEqual(['2026-01-01T00:01:00.000Z'])
})

type Step = { readonly kind: 'tick' | 'time' | 'fault' | 'together' | 'prune'; readonly amount: number }

test('whatever workers do, and wherever they fail: no slot twice, none left out, and each in its turn', async () => {
  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom('tick', 'time', 'time', 'fault', 'together', 'prune'),
    amount: fc.integer({ min: 1, max: 8 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.constantFrom(...faults), async (steps, fault) => {
      const { clock, store, stored, worker } = setup()
      await worker().tick()
      const does: Record<Step['kind'], (amount: number) => Promise<unknown>> = {
        tick: () => worker().tick(),
        time: amount => clock.advance(amount * 20 * second),
        fault: nth =>
          worker(faultyStore(store, { nth, fault }))
            .tick()
            .catch(() => {}),
        together: amount => Promise.all(Array.from({ length: amount }, () => worker().tick())),
        prune: async () => {
          await worker().tick()
          await worker().work()
          await worker().prune({ states: ['completed'], olderThanMs: 0, limit: 100 })
        },
      }
      for (const { kind, amount } of steps) await inTime(clock, does[kind](amount))
      await worker().tick()

      const from = Date.UTC(2026, 0, 1)
      const passed = Math.floor((clock.now() - from) / (60 * second))
      const slots = Array.from({ length: passed }, (_, index) => new Date(from + (index + 1) * 60 * second))
      expect(stored).toEqual(slots.map(slot => slot.toISOString()))
    }),
    { numRuns: 60 },
  )
})

/** Moves time for as long as something waits for it. */
async function inTime(clock: ReturnType<typeof fakeClock>, work: Promise<unknown>): Promise<void> {
  let over = false
  const ended = work.finally(() => {
    over = true
  })
  while (!over) await clock.advanceToNext()
  await ended
}
