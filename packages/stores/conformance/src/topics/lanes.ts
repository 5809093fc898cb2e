import assert from 'node:assert/strict'
import type { Job, Patch } from '@longhaul/core/store'
import { aHeldJob, aJob, aWrite, claimed, leaseMs, someJobs, upTo, wish, write } from '../builders.js'
import { topic } from '../topic.js'

const lane = 'account-1'

export const lanePromises = topic('lanes', promise => {
  promise('gives out one job of a lane at a time', async ({ store }) => {
    await store.insert(someJobs(3, { lane }))
    assert.deepEqual(await claimed(store, 10), ['1'])
    assert.deepEqual(await claimed(store, 10), [])
  })

  promise('gives out as many jobs of a lane as its limit says', async ({ store }) => {
    await store.insert(someJobs(5, { lane, laneLimit: 3 }))
    assert.deepEqual(await claimed(store, 2), ['1', '2'])
    assert.deepEqual(await claimed(store, 10), ['3'])
  })

  promise('limits neither other lanes nor jobs without one', async ({ store }) => {
    await store.insert([
      aJob({ id: 'a', lane }),
      aJob({ id: 'b', lane }),
      aJob({ id: 'c', lane: 'account-2' }),
      aJob({ id: 'd' }),
      aJob({ id: 'e' }),
    ])
    assert.deepEqual((await claimed(store, 10)).sort(), ['a', 'c', 'd', 'e'])
  })

  promise('takes the empty name as a lane like any other', async ({ store }) => {
    await store.insert(someJobs(2, { lane: '' }))
    assert.equal((await claimed(store, 10)).length, 1)
  })

  promise('counts a lane over all processors and queues', async ({ store }) => {
    await store.insert([aJob({ id: 'a', lane }), aJob({ id: 'b', lane, processor: 'other', queue: 'bulk' })])
    assert.deepEqual(await claimed(store, 1), ['a'])
    assert.deepEqual(await claimed(store, 1, { processors: ['other'] }), [])
  })

  promise('hides no one behind a full lane', async ({ store }) => {
    await store.insert([aJob({ id: 'running', lane, priority: 2 })])
    await claimed(store)
    await store.insert(someJobs(1_000, { lane, priority: 1 }))
    await store.insert([aJob({ id: 'free' })])
    assert.deepEqual(await claimed(store, 1), ['free'])
  })

  promise('keeps the order inside a lane', async ({ store }) => {
    await store.insert([
      aJob({ id: 'a', lane }),
      aJob({ id: 'b', lane }),
      aJob({ id: 'first', lane, priority: 1 }),
    ])
    const order = []
    for (let [job] = await store.claim(upTo(9)); job; [job] = await store.claim(upTo(9))) {
      order.push(job.id)
      await write(store, job, { state: 'completed' })
    }
    assert.deepEqual(order, ['first', 'a', 'b'])
  })

  const letsGo: Record<string, Patch> = {
    'is completed': { state: 'completed' },
    fails: { state: 'failed' },
    'is given back': { state: 'waiting', delayMs: 60_000 },
    'is paused': { state: 'paused' },
    'is cancelled': { state: 'cancelled' },
  }
  for (const [how, patch] of Object.entries(letsGo)) {
    promise(`frees the place of a job that ${how}`, async ({ store }) => {
      const held = await aHeldJob(store, { lane })
      await store.insert([aJob({ id: 'next', lane })])
      assert.deepEqual(await claimed(store), [])
      await write(store, held, patch)
      assert.deepEqual(await claimed(store), ['next'])
    })
  }

  promise('frees a place once only, however often the end is written', async ({ store }) => {
    const held = await aHeldJob(store, { lane })
    await store.insert(someJobs(3, { lane }))
    for (let repeat = 0; repeat < 3; repeat++) await write(store, held, { state: 'completed' })
    assert.equal((await claimed(store, 10)).length, 1)
  })

  promise('keeps the place of a job that renews its lease', async ({ store, advance }) => {
    const held = await aHeldJob(store, { lane })
    await store.insert([aJob({ lane })])
    await advance(leaseMs - 10_000)
    await write(store, held, { leaseMs })
    await advance(30_000)
    assert.deepEqual(await claimed(store), [])
  })

  promise('frees the place of a holder whose lease ended', async ({ store, advance }) => {
    const held = await aHeldJob(store, { lane, priority: -1 })
    await store.insert([aJob({ id: 'next', lane })])
    await advance(leaseMs + 1)
    assert.deepEqual(await claimed(store, 10), ['next'], 'the place is free, and there is one only')
    assert.deepEqual(await claimed(store, 10), [], `${held.id} waits for it now`)
  })

  promise('frees the place of an expired job that is cancelled from outside', async ({ store, advance }) => {
    const held = await aHeldJob(store, { lane })
    await store.insert([aJob({ id: 'next', lane })])
    await advance(leaseMs + 1)
    await wish(store, 'cancel', held.id)
    assert.deepEqual(await claimed(store, 10), ['next'])
  })

  promise('goes by the limit of each job', async ({ store }) => {
    await aHeldJob(store, { lane, laneLimit: 1 })
    await store.insert([aJob({ id: 'narrow', lane, laneLimit: 1 }), aJob({ id: 'wide', lane, laneLimit: 2 })])
    assert.deepEqual(await claimed(store, 10), ['wide'])
  })

  promise('keeps no place for a job that it passes over', async ({ store }) => {
    const [narrow, wide] = [
      { lane, laneLimit: 1 },
      { lane, laneLimit: 2 },
    ]
    await store.insert([
      aJob({ id: 'a', ...narrow }),
      aJob({ id: 'passed over', ...narrow }),
      aJob({ id: 'b', ...wide }),
      aJob({ id: 'too many', ...wide }),
      aJob({ id: 'last' }),
    ])
    assert.deepEqual(await claimed(store, 3), ['a', 'b', 'last'])
  })

  promise('is never above its limit under many claimers', async bench => {
    const jobs = ['x', 'y', 'z'].flatMap(name =>
      Array.from({ length: 40 }, () => aJob({ lane: name, laneLimit: 2 })),
    )
    await bench.store.insert(jobs)
    const stores = [bench.store, await bench.another()]

    for (let round = 0; round < 20; round++) {
      const claims = Array.from({ length: 8 }, (_, index) => stores[index % 2]?.claim(upTo(2)) ?? [])
      const held = (await Promise.all(claims)).flat()
      assert.deepEqual(perLane(held), { x: 2, y: 2, z: 2 })
      await bench.store.commit(held.map(job => aWrite(job, { state: 'completed' })))
    }
    assert.equal((await bench.store.count({})).states.completed, jobs.length)
  })
})

function perLane(jobs: readonly Job[]) {
  const counts: Record<string, number> = {}
  for (const { lane } of jobs) counts[lane ?? 'none'] = (counts[lane ?? 'none'] ?? 0) + 1
  return Object.fromEntries(Object.entries(counts).sort())
}
