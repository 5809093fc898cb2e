import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { createRunner, defineProcessor } from '@longhaul/core'
import type { Store } from '@longhaul/core/store'
import { type FakeClock, type Fault, fakeClock, faultyStore, runToEnd } from '@longhaul/core/testing'
import type { Bench } from '../bench.js'
import { topic } from '../topic.js'

const itemCount = 9
const batchSize = 3
/** A job of three batches makes no more calls than this; one of them fails. */
const mostCalls = 16

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

/** How many calls of a store have no answer yet. */
interface Traffic {
  inFlight: number
}

/** The store, counting its calls. */
function watched(store: Store, traffic: Traffic): Store {
  return new Proxy(store, {
    get(target, name) {
      const member = Reflect.get(target, name)
      if (typeof member !== 'function' || name === 'listen' || name === 'hears') return member
      return async (...args: unknown[]) => {
        traffic.inFlight++
        try {
          return await member.apply(target, args)
        } finally {
          traffic.inFlight--
        }
      }
    },
  })
}

/** Until no call is under way, nor begun by what follows from the last one. */
async function quiet(traffic: Traffic) {
  for (let turns = 0; turns < 10; turns = traffic.inFlight > 0 ? 0 : turns + 1) await setImmediate()
}

/** A clock for the runner that takes the store's clock along, and stands still while a call is under way. */
function clockWith({ advance }: Bench, traffic: Traffic): FakeClock {
  const clock = fakeClock()
  return {
    ...clock,
    async advance(ms) {
      await quiet(traffic)
      await clock.advance(ms)
      await advance(ms)
    },
    async advanceToNext() {
      await quiet(traffic)
      const before = clock.now()
      const moved = await clock.advanceToNext()
      await advance(clock.now() - before)
      return moved
    },
  }
}

/** Runs the job through a fault and, if its process died of that, on in another one. */
async function runThrough(bench: Bench, nth: number, fault: Fault) {
  const traffic = { inFlight: 0 }
  const clock = clockWith(bench, traffic)
  const worked: number[] = []
  const processors = [countingProcessor(worked)]
  const faulty = faultyStore(bench.store, { nth, fault })
  const runnerOn = (store: Store, its: FakeClock = clock) =>
    createRunner({
      ...{ store: watched(store, traffic), clock: its, processors, random: () => 0.5 },
      retention: false,
    })
  const survivor = runnerOn(await bench.another())
  const { id } = await survivor.enqueue('count', null)

  if (fault.startsWith('error')) await runToEnd(runnerOn(faulty), clock)
  else await crashed(runnerOn(faulty, fakeClock()).work(), () => faulty.calls() >= nth)
  await quiet(traffic)
  await runToEnd(survivor, clock)
  return { job: await survivor.get(id), worked, calls: faulty.calls() }
}

/** Until the process is gone, or has ended before that. Its clock stands still, so that it does nothing more. */
async function crashed(work: Promise<unknown>, isGone: () => boolean) {
  let isOver = false
  void work
    .catch(() => {})
    .then(() => {
      isOver = true
    })
  while (!isOver && !isGone()) await setImmediate()
}

export const crashPromises = topic('crashes', promise => {
  promise('has a job of three batches done in no more than sixteen calls', async bench => {
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
