import assert from 'node:assert/strict'
import { createRunner, defineProcessor } from '@longhaul/core'
import type { Store } from '@longhaul/core/store'
import type { Bench } from '../bench.js'
import { everyHead } from '../builders.js'
import { topic } from '../topic.js'

/** So long that no slot passes while a proof runs. */
const everyMs = 30 * 86_400_000
const slots = 6

const anyInput = {
  '~standard': { version: 1, vendor: 'longhaul', validate: () => ({ value: null }) },
} as const
const work = defineProcessor({ name: 'work', input: anyInput, run: () => {} })

const workerOn = (store: Store) =>
  createRunner({
    store,
    processors: [work],
    schedules: [{ name: 'monthly', processor: work, input: null, everyMs, catchUp: 'all' }],
    retention: false,
  })

/** Six workers on two stores, for which as many slots have passed. */
async function setup({ store, another, advance }: Bench) {
  const other = await another()
  const workers = [store, other, store, other, store, other].map(workerOn)
  await workers[0]?.tick()
  await advance(slots * everyMs)
  return workers
}

export const schedulePromises = topic('schedules', promise => {
  promise('has one job for each slot, whatever number of workers makes them at once', async bench => {
    const workers = await setup(bench)
    const ticks = await Promise.all(workers.map(worker => worker.tick()))
    const heads = await everyHead(bench.store)
    assert.equal(heads.length, slots)
    assert.equal(new Set(heads.map(({ key }) => key)).size, slots)
    assert.equal(
      ticks.reduce((made, { enqueued }) => made + enqueued, 0),
      slots,
    )
  })

  promise('has no job again that was worked and pruned', async bench => {
    const [first, ...others] = await setup(bench)
    await first?.work()
    assert.equal(await bench.store.prune({ states: ['completed'], olderThanMs: 0, limit: 100 }), slots)
    for (const worker of others) assert.equal((await worker.tick()).enqueued, 0)
    assert.deepEqual(await everyHead(bench.store), [])
  })
})
