import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { ClaimRequest, NewJob, Store } from '@longhaul/core/store'
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

  promise(
    'puts the longest due first whatever the priority, where age is asked for',
    async ({ store, advance }) => {
      await inTurn(store, advance, { urgent: 10, low: -10, normal: 0, lower: -10 })
      assert.deepEqual(await oneByOne(store, byAge), ['urgent', 'low', 'normal', 'lower'])
    },
  )

  promise('answers a claim by age in its order', async ({ store, advance }) => {
    await inTurn(store, advance, { low: -1, high: 1, mid: 0 })
    assert.deepEqual(await claimed(store, 3, byAge), ['low', 'high', 'mid'])
  })

  promise('finds the longest due behind a thousand of more priority', async ({ store, advance }) => {
    await store.insert([aJob({ id: 'low', priority: -1 })])
    await advance(1_000)
    await store.insert(someJobs(1_000))
    assert.deepEqual(await claimed(store, 2, byAge), ['low', '1'])
  })

  promise('takes nothing by age that is not due', async ({ store, advance }) => {
    await store.insert([aJob({ id: 'soon', delayMs: 60_000, priority: 1 }), aJob({ id: 'now' })])
    await advance(1_000)
    assert.deepEqual(await claimed(store, 9, byAge), ['now'])
  })

  promise('takes by age only from the queues that are asked for', async ({ store, advance }) => {
    await store.insert([aJob({ id: 'other', queue: 'other' })])
    await advance(1_000)
    await store.insert([aJob({ id: 'asked', queue: 'asked', priority: -1 })])
    assert.deepEqual(await claimed(store, 9, { ...byAge, queues: ['asked'] }), ['asked'])
    assert.deepEqual(await claimed(store, 9, { ...byAge, exceptQueues: ['asked'] }), ['other'])
  })

  promise(
    'gives the place of a lane to the longest due, where age is asked for',
    async ({ store, advance }) => {
      const holder = await aHeldJob(store, { lane: 'a' })
      await inTurn(store, advance, { low: -1, high: 1 }, { lane: 'a' })
      assert.deepEqual(await claimed(store, 9), [])
      await write(store, holder, { state: 'completed' })
      assert.deepEqual(await claimed(store, 9, byAge), ['low'])
    },
  )

  promise('keeps the order of a claim that is repeated', async ({ store, advance }) => {
    await inTurn(store, advance, { a: 0, b: 2, c: 1, d: 0 })
    const request = upTo(3)
    const [first, second, third] = await store.claim(request)
    assert.ok(first && second && third)
    await write(store, first, { leaseMs: 2 * leaseMs })
    await write(store, second, { state: 'completed' })
    assert.deepEqual(idsOf(await store.claim(request)), [first.id, third.id])
  })

  promise('holds for any mix of priorities and delays', async ({ store, advance }) => {
    const isSorted = anyMix(async jobs => {
      await store.insert(jobs)
      await advance(60_000)
      const expected = [...jobs].sort((a, b) => b.priority - a.priority || a.delayMs - b.delayMs)
      assert.deepEqual(await claimed(store, 100, of(jobs)), idsOf(expected))
    })
    await fc.assert(isSorted, { numRuns: 50 })
  })

  promise('holds by age for any mix of priorities and delays', async ({ store, advance }) => {
    const isSorted = anyMix(async jobs => {
      await store.insert(jobs)
      await advance(60_000)
      const expected = [...jobs].sort((a, b) => a.delayMs - b.delayMs)
      assert.deepEqual(await claimed(store, 100, { ...of(jobs), ...byAge }), idsOf(expected))
    })
    await fc.assert(isSorted, { numRuns: 50 })
  })
})

const byAge = { order: 'age' } as const

/** One job after the other, each with a priority under its id. */
async function inTurn(
  store: Store,
  advance: (ms: number) => Promise<void>,
  priorities: Readonly<Record<string, number>>,
  differences: Partial<NewJob> = {},
) {
  for (const [id, priority] of Object.entries(priorities)) {
    await store.insert([aJob({ id, priority, ...differences })])
    await advance(1_000)
  }
}

/** Jobs of a processor of their own. */
function anyMix(holds: (jobs: NewJob[]) => Promise<void>) {
  const part = fc.record({
    priority: fc.integer({ min: -2, max: 2 }),
    delayMs: fc.integer({ min: 0, max: 5 }),
  })
  return fc.asyncProperty(fc.array(part, { minLength: 1 }), parts => {
    const processor = `mix-${randomUUID()}`
    return holds(parts.map(part => aJob({ processor, ...part, delayMs: part.delayMs * 10_000 })))
  })
}

function of([job]: readonly NewJob[]) {
  return { processors: [job?.processor ?? ''] }
}

async function oneByOne(store: Store, differences: Partial<ClaimRequest> = {}): Promise<string[]> {
  const next = () => store.claim(upTo(1, differences))
  const ids = []
  for (let [job] = await next(); job; [job] = await next()) ids.push(job.id)
  return ids
}
