import assert from 'node:assert/strict'
import {
  aHeldJob,
  aJob,
  anEndedJob,
  assertBetween,
  assertHas,
  leaseMs,
  someJobs,
  upTo,
  wish,
  write,
} from '../builders.js'
import { topic } from '../topic.js'

const none = {
  blocked: 0,
  waiting: 0,
  running: 0,
  paused: 0,
  completed: 0,
  completed_with_errors: 0,
  failed: 0,
  cancelled: 0,
}

export const countPromises = topic('counts', promise => {
  promise('counts nothing where there is nothing', async ({ store }) => {
    const progress = { done: 0, failed: 0, skipped: 0, total: 0 }
    assert.deepEqual(await store.count({}), { states: none, progress, dueInMs: null, startedAt: null })
  })

  promise('counts jobs by state', async ({ store }) => {
    for (const state of ['completed', 'completed_with_errors', 'failed', 'cancelled'] as const)
      await anEndedJob(store, state)
    await aHeldJob(store)
    await store.insert([aJob({ id: 'paused' }), ...someJobs(3)])
    await wish(store, 'pause', 'paused')
    const once = { running: 1, paused: 1, completed: 1, completed_with_errors: 1, failed: 1, cancelled: 1 }
    assert.deepEqual((await store.count({})).states, { ...none, ...once, waiting: 3 })
  })

  promise('counts only what matches', async ({ store }) => {
    await store.insert([...someJobs(3, { tenant: 't' }), aJob({ tenant: 'u' }), aJob()])
    assertHas((await store.count({ tenant: 't' })).states, { waiting: 3 })
    assertHas((await store.count({ tenant: 't', ids: ['1', '2'] })).states, { waiting: 2 })
    assert.deepEqual((await store.count({ ids: [] })).states, none)
  })

  promise('adds up the progress of what matches, with the totals that are known', async ({ store }) => {
    const parts = [
      { done: 5, failed: 1, skipped: 2, total: 10 },
      { done: 7, failed: 0, skipped: 1, total: null },
      { done: 1, failed: 1, skipped: 0, total: 3 },
    ]
    for (const progress of parts)
      await write(store, await aHeldJob(store, { tag: 't', tags: ['t'] } as object), { progress })
    const other = await aHeldJob(store)
    await write(store, other, { progress: { done: 100, failed: 100, skipped: 100, total: 100 } })
    assert.deepEqual((await store.count({ tag: 't' })).progress, {
      done: 13,
      failed: 2,
      skipped: 3,
      total: 13,
    })
  })

  promise('adds up large progress exactly', async ({ store }) => {
    const half = 2 ** 52 - 1
    for (let job = 0; job < 2; job++) {
      await write(store, await aHeldJob(store), {
        progress: { done: half, failed: half, skipped: half, total: half },
      })
    }
    const sum = 2 * half
    assert.deepEqual((await store.count({})).progress, { done: sum, failed: sum, skipped: sum, total: sum })
  })

  promise('tells how long until the next job is due', async ({ store, advance }) => {
    await store.insert([aJob({ delayMs: 60_000 }), aJob({ delayMs: 90_000 })])
    assertBetween((await store.count({})).dueInMs ?? -1, 55_000, 60_000)
    await advance(30_000)
    assertBetween((await store.count({})).dueInMs ?? -1, 25_000, 30_000)
    await advance(40_000)
    assertBetween((await store.count({})).dueInMs ?? 1, -60_000, -10_000)
  })

  promise(
    'tells how long the longest due has been so, whatever comes before it',
    async ({ store, advance }) => {
      await store.insert([aJob({ priority: -5 })])
      await advance(3_600_000)
      await store.insert([...someJobs(100, { priority: 5 }), aJob({ processor: 'other' })])
      for (const filter of [{}, { states: ['waiting'] }, { processors: ['work'] }] as const)
        assertBetween((await store.count(filter)).dueInMs ?? 0, -3_660_000, -3_600_000)
      assertBetween((await store.count({ processors: ['other'] })).dueInMs ?? 1, -60_000, 0)
    },
  )

  promise('tells how long a job has been due that finds its lane full', async ({ store, advance }) => {
    await store.insert([1, 2, 3].map(id => aJob({ id: `${id}`, lane: 'l', queue: `q${id}` })))
    await advance(600_000)
    await store.claim(upTo(9))
    for (const filter of [{ states: ['waiting'] }, { states: ['waiting'], queues: ['q3'] }] as const)
      assertBetween((await store.count(filter)).dueInMs ?? 0, -660_000, -600_000)
  })

  promise('tells how long until the next lease ends', async ({ store, advance }) => {
    await aHeldJob(store)
    assertBetween((await store.count({})).dueInMs ?? -1, leaseMs - 5_000, leaseMs)
    await advance(leaseMs + 10_000)
    assertBetween((await store.count({})).dueInMs ?? 1, -60_000, -5_000)
  })

  promise('tells nothing of being due where no job waits or runs', async ({ store }) => {
    await anEndedJob(store)
    await store.insert([aJob({ id: 'paused' })])
    await wish(store, 'pause', 'paused')
    assert.equal((await store.count({})).dueInMs, null)
  })

  promise('looks for the next due job among those that match', async ({ store }) => {
    await store.insert([aJob(), aJob({ processor: 'other', delayMs: 60_000 })])
    assertBetween((await store.count({})).dueInMs ?? 1, -5_000, 0)
    assertBetween((await store.count({ processors: ['other'] })).dueInMs ?? -1, 55_000, 60_000)
    assert.equal((await store.count({ processors: ['third'] })).dueInMs, null)
  })
})
