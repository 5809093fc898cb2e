import { expect, test } from 'vitest'
import { z } from 'zod'
import { createRunner, defineProcessor, memoryStore } from '../../src/index.js'
import { type Fault, fakeClock, faultyStore, runToEnd } from '../../src/testing/index.js'

const itemsInAll = 9
const batchSize = 3

/** A job of three batches that notes each item it works, on a store that fails once. */
function setup(nth: number, fault: Fault) {
  const clock = fakeClock()
  const store = memoryStore({ clock })
  const worked: number[] = []
  const walk = defineProcessor({
    name: 'walk',
    input: z.null(),
    items: ({ cursor, limit }) => numbersBehind(cursor ?? 0, limit).map(id => [id, id] as const),
    each: id => {
      worked.push(id)
    },
    finish: ({ progress }) => progress.done,
    batchSize,
  })
  const faulty = faultyStore(store, { nth, fault })
  const runnerOn = (kept: typeof store) =>
    createRunner({ store: kept, clock, processors: [walk], random: () => 0.5 })
  return { clock, worked, walk, faulty, first: runnerOn(faulty), second: runnerOn(store) }
}

function numbersBehind(cursor: number, limit: number): number[] {
  return Array.from({ length: Math.min(limit, itemsInAll - cursor) }, (_, index) => cursor + index + 1)
}

/** The job as it ends, after a fault and, if the process died of it, in another process. */
async function runThrough(nth: number, fault: Fault) {
  const { clock, worked, walk, faulty, first, second } = setup(nth, fault)
  await second.enqueue(walk, null, { key: 'once' })
  if (fault.startsWith('error')) await runToEnd(first, clock)
  else void first.work().catch(() => {})
  await clock.advance(0)
  await runToEnd(second, clock)
  const { jobs } = await second.list()
  return { job: await second.get(jobs[0]?.id ?? ''), worked, calls: faulty.calls() }
}

const { calls: callsWithoutFault } = await runThrough(Number.POSITIVE_INFINITY, 'error_before')

test('the job makes a handful of calls, each of which can fail', () => {
  expect(callsWithoutFault).toBeGreaterThan(5)
  expect(callsWithoutFault).toBeLessThan(20)
})

for (const fault of ['error_before', 'error_after', 'crash_before', 'crash_after'] as const) {
  for (let nth = 1; nth <= callsWithoutFault; nth++) {
    test(`a job ends whole, whatever happens at call ${nth} of the store (${fault})`, async () => {
      const { job, worked } = await runThrough(nth, fault)

      expect(job).toMatchObject({ state: 'completed', output: itemsInAll, progress: { done: itemsInAll } })
      expect(new Set(worked), 'no item is skipped').toEqual(new Set(numbersBehind(0, itemsInAll)))
      expect(worked.length - itemsInAll, 'repeats').toBeLessThanOrEqual(batchSize)
    })
  }
}
