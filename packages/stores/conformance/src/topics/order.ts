import assert from 'node:assert/strict'
import type { Store } from '@longhaul/core/store'
import fc from 'fast-check'
import { aHeldJob, aJob, claimed, idsOf, leaseMs, someJobs, upTo, wish, write } from '../builders.js'
import { topic } from '../topic.js'

export const orderPromises = topic('order', promise => {
  promise('puts a larger priority first', async ({ store }) => {
    await store.insert(
      [0, -5, 10, 1_000_000, -1_000_000].map(priority => aJob({ id: `${priority}`, priority })),
    )
    assert.deepEqual(await oneByOne(store), ['1000000', '10', '0', '-5', '-1000000'])
  })

  promise('puts priority before age', async ({ store, advance }) => {
    await store.insert([aJob({ id: 'old' })])
    await advance(60_000)
    await store.insert([aJob({ id: 'urgent', priority: 1 })])
    assert.deepEqual(await oneByOne(store), ['urgent', 'old'])
  })

  promise('puts the longest due first among equals', async ({ store, advance }) => {
    await store.insert([
      aJob({ id: 'later', delayMs: 2_000 }),
      aJob({ id: 'sooner', delayMs: 1_000 }),
      aJob({ id: 'now' }),
    ])
    await advance(5_000)
    assert.deepEqual(await oneByOne(store), ['now', 'sooner', 'later'])
  })

  promise(
    'keeps the order of the insert for jobs due in the same millisecond',
    async ({ store, advance }) => {
      const jobs = someJobs(100).reverse()
      await store.insert(jobs)
      await advance(1)
      assert.deepEqual(await oneByOne(store), idsOf(jobs))
    },
  )

  promise('keeps the order of the inserts that follow each other', async ({ store }) => {
    const jobs = someJobs(20).reverse()
    for (const job of jobs) await store.insert([job])
    assert.deepEqual(await oneByOne(store), idsOf(jobs))
  })

  promise('answers a claim in the order of claiming', async ({ store }) => {
    await store.insert([
      aJob({ id: 'low', priority: -1 }),
      aJob({ id: 'mid' }),
      aJob({ id: 'high', priority: 1 }),
    ])
    assert.deepEqual(await claimed(store, 3), ['high', 'mid', 'low'])
  })

  promise('puts a job that was given back behind those that are due longer', async ({ store, advance }) => {
    const held = await aHeldJob(store, { id: 'back' })
    await store.insert([aJob({ id: 'other' })])
    await advance(1_000)
    await write(store, held, { state: 'waiting' })
    assert.deepEqual(await oneByOne(store), ['other', 'back'])
  })

  promise('takes a job whose lease ended as due since then', async ({ store, advance }) => {
    await aHeldJob(store, { id: 'crashed' })
    await advance(leaseMs - 10_000)
    await store.insert([aJob({ id: 'before' }), aJob({ id: 'after', delayMs: 30_000 })])
    await advance(leaseMs)
    assert.deepEqual(await oneByOne(store), ['before', 'crashed', 'after'])
  })

  promise('puts a promoted job behind those that are due already', async ({ store, advance }) => {
    await store.insert([aJob({ id: 'promoted', delayMs: 600_000 }), aJob({ id: 'due' })])
    await advance(1_000)
    await wish(store, 'promote', 'promoted')
    await advance(1_000)
    await store.insert([aJob({ id: 'new' })])
    assert.deepEqual(await oneByOne(store), ['due', 'promoted', 'new'])
  })

  promise(
    'finds the one whose lease ended behind a thousand whose leases run',
    async ({ store, advance }) => {
      await store.insert([aJob({ id: 'lost', priority: -1 })])
      await claimed(store, 1, { leaseMs: 1_000 })
      await store.insert(someJobs(1_000))
      await claimed(store, 1_000, { leaseMs: 10 * leaseMs })
      await advance(5_000)
      assert.deepEqual(await claimed(store, 10), ['lost'])
    },
  )

  promise('holds for any mix of priorities and delays', async ({ store, advance }) => {
    let run = 0
    const mix = fc.array(
      fc.record({ priority: fc.integer({ min: -2, max: 2 }), delayMs: fc.integer({ min: 0, max: 5 }) }),
    )
    const sorted = fc.asyncProperty(mix, async parts => {
      const processor = `mix-${++run}`
      const jobs = parts.map(part => aJob({ processor, ...part, delayMs: part.delayMs * 10_000 }))
      await store.insert(jobs)
      await advance(60_000)
      const expected = [...jobs].sort((a, b) => b.priority - a.priority || a.delayMs - b.delayMs)
      assert.deepEqual(await claimed(store, 100, { processors: [processor] }), idsOf(expected))
    })
    await fc.assert(sorted, { numRuns: 50 })
  })
})

async function oneByOne(store: Store): Promise<string[]> {
  const ids = []
  for (let [job] = await store.claim(upTo(1)); job; [job] = await store.claim(upTo(1))) ids.push(job.id)
  return ids
}
