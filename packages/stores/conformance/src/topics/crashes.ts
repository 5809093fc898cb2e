import assert from 'node:assert/strict'
import { createRunner, defineProcessor } from '@longhaul/core'
import type { Store } from '@longhaul/core/store'
import { type FakeClock, type Fault, fakeClock, faultyStore, runToEnd } from '@longhaul/core/testing'
import type { Bench } from '../bench.js'
import { topic } from '../topic.js'

const itemCount = 9
const batchSize = 3
/** A job of three batches makes no more calls than this; one of them fails. */
const mostCalls = 12

const anyInput = {
  '~standard': { version: 1, vendor: 'longhaul', validate: () => ({ value: null }) },
} as const

/** Works the numbers up to nine in three batches, and notes each one in `worked`. */
function countingProcessor(worked: number[]) {
  return defineProcessor({
    name: 'count',
    input: anyInput,
    items: ({ cursor, limit }) => numbersBehind(cursor ?? 0, limit).map(id => [id, id]),
    each: id => {
      worked.push(id)
    },
    finish: ({ progress }) => progress.done,
    batchSize,
  })
}

function numbersBehind(cursor: number, limit: number): number[] {
  return Array.from({ length: Math.min(limit, itemCount - cursor) }, (_, index) => cursor + index + 1)
}

/** A clock for the runner that takes the store's clock along. */
function clockWith({ advance }: Bench): FakeClock {
  const clock = fakeClock()
  return {
    ...clock,
    async advance(ms) {
      await clock.advance(ms)
      await advance(ms)
    },
    async advanceToNext() {
      const before = clock.now()
      const moved = await clock.advanceToNext()
      await advance(clock.now() - before)
      return moved
    },
  }
}

/** Runs the job through a fault and, if its process died of that, on in another one. */
async function runThrough(bench: Bench, nth: number, fault: Fault) {
  const clock = clockWith(bench)
  const worked: number[] = []
  const processors = [countingProcessor(worked)]
  const faulty = faultyStore(bench.store, { nth, fault })
  const runnerOn = (store: Store) => createRunner({ store, clock, processors, random: () => 0.5 })
  const survivor = runnerOn(await bench.another())
  const { id } = await survivor.enqueue('count', null)

  const first = runnerOn(faulty)
  if (fault.startsWith('error')) await runToEnd(first, clock)
  else first.work().catch(() => {}) // nobody is left to hear it
  await clock.advance(0)
  await runToEnd(survivor, clock)
  return { job: await survivor.get(id), worked, calls: faulty.calls() }
}

export const crashPromises = topic('crashes', promise => {
  promise('has a job of three batches done in a dozen calls', async bench => {
    const { calls } = await runThrough(bench, Number.POSITIVE_INFINITY, 'error_before')
    assert.ok(calls <= mostCalls, `${calls} calls`)
  })

  for (const fault of ['error_before', 'error_after', 'crash_before', 'crash_after'] as const) {
    for (let nth = 1; nth <= mostCalls; nth++) {
      promise(`has a job end whole, whatever happens at its call ${nth} (${fault})`, async bench => {
        const { job, worked } = await runThrough(bench, nth, fault)
        assert.equal(job?.state, 'completed')
        assert.equal(job?.output, itemCount)
        assert.deepEqual([...new Set(worked)], numbersBehind(0, itemCount), 'no item is skipped')
        assert.ok(worked.length - itemCount <= batchSize, `${worked.length - itemCount} repeats`)
      })
    }
  }
})
