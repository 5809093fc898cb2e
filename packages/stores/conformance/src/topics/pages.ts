import assert from 'node:assert/strict'
import type { JobFilter } from '@longhaul/core/store'
import {
  aHeldJob,
  aJob,
  anEndedJob,
  assertHas,
  everyHead,
  idsOf,
  someJobs,
  wish,
  write,
} from '../builders.js'
import { topic } from '../topic.js'

export const pagePromises = topic('lists', promise => {
  promise('lists the newest insert first', async ({ store }) => {
    await store.insert(someJobs(3))
    await store.insert([aJob({ id: 'new', priority: -5, delayMs: 9_000 })])
    assert.deepEqual(idsOf(await everyHead(store)), ['new', '3', '2', '1'])
  })

  promise('keeps the order of the list whatever becomes of the jobs', async ({ store }) => {
    await store.insert(someJobs(3, { priority: -1 }))
    const held = await aHeldJob(store, { id: '4' })
    await write(store, held, { state: 'completed' })
    await wish(store, 'cancel', '2')
    assert.deepEqual(idsOf(await everyHead(store)), ['4', '3', '2', '1'])
  })

  promise('gives all of a job but the two strings that may be large', async ({ store }) => {
    const held = await aHeldJob(store, {
      tags: ['a', 'b'],
      key: 'k',
      lane: 'l',
      tenant: 't',
      correlationId: 'c',
    })
    const work = { cursor: 'c', memo: 'm', error: 'e', output: 'large' }
    const { job } = await write(store, held, { state: 'completed', ...work })
    assert.ok(job)
    const { input: _, output: __, ...head } = job
    assert.deepEqual((await store.list({}, { limit: 1 })).jobs, [head])
  })

  promise('tells in decimal digits where the next page begins', async ({ store }) => {
    await store.insert(someJobs(3))
    const { next } = await store.list({}, { limit: 2 })
    assert.match(next ?? '', /^\d{1,18}$/)
  })

  promise('gives each job once over pages of any size', async ({ store }) => {
    await store.insert(someJobs(25))
    const expected = idsOf(someJobs(25)).reverse()
    for (const limit of [1, 7, 24, 25, 26])
      assert.deepEqual(idsOf(await everyHead(store, {}, limit)), expected)
  })

  promise('ends with null, also when the last page is full', async ({ store }) => {
    assert.deepEqual(await store.list({}, { limit: 2 }), { jobs: [], next: null })
    await store.insert(someJobs(4))
    const first = await store.list({}, { limit: 2 })
    assert.equal(typeof first.next, 'string')
    assert.equal((await store.list({}, { limit: 2, after: first.next ?? '' })).next, null)
  })

  promise('moves no job between pages when others come', async ({ store }) => {
    await store.insert(someJobs(4))
    const { next } = await store.list({}, { limit: 2 })
    await store.insert([aJob({ id: 'new' })])
    assert.deepEqual(idsOf((await store.list({}, { limit: 9, after: next ?? '' })).jobs), ['2', '1'])
  })

  promise(
    'moves no job between pages when others go, even the one the page ended with',
    async ({ store, advance }) => {
      await store.insert(someJobs(5))
      const { jobs, next } = await store.list({}, { limit: 2 })
      await wish(store, 'cancel', ...idsOf(jobs))
      await advance(1_000)
      assert.equal(await store.prune({ states: ['cancelled'], olderThanMs: 1, limit: 9 }), 2)
      assert.deepEqual(idsOf((await store.list({}, { limit: 9, after: next ?? '' })).jobs), ['3', '2', '1'])
    },
  )

  const odd = {
    processor: 'p',
    queue: 'q',
    lane: 'l',
    tenant: 't',
    key: 'k',
    correlationId: 'c',
    tags: ['one', 'two'],
  }
  const filters: Record<string, JobFilter> = {
    ids: { ids: ['odd', 'nobody', 'odd'] },
    processors: { processors: ['p', 'nobody'] },
    queues: { queues: ['nobody', 'q'] },
    lane: { lane: 'l' },
    tenant: { tenant: 't' },
    key: { key: 'k' },
    'correlation id': { correlationId: 'c' },
    'one of its tags': { tag: 'two' },
    'all of these': {
      ids: ['odd', '1'],
      states: ['waiting'],
      processors: ['p'],
      queues: ['q'],
      lane: 'l',
      tag: 'one',
    },
  }
  for (const [by, filter] of Object.entries(filters)) {
    promise(`finds a job by ${by}`, async ({ store }) => {
      await store.insert([
        aJob({ id: 'odd', ...odd }),
        ...someJobs(3),
        aJob({ id: 'near', tags: ['twofold'], lane: 'L' }),
      ])
      assert.deepEqual(idsOf(await everyHead(store, filter)), ['odd'])
      assertHas((await store.count(filter)).states, { waiting: 1 })
      assert.equal(await store.request({ kind: 'cancel' }, filter), 1)
    })
  }

  promise('finds jobs by their states', async ({ store }) => {
    await anEndedJob(store, 'failed', { id: 'failed' })
    await aHeldJob(store, { id: 'held' })
    await store.insert([aJob({ id: 'waiting' })])
    assert.deepEqual(idsOf(await everyHead(store, { states: ['running', 'failed'] })), ['held', 'failed'])
    assert.deepEqual(idsOf(await everyHead(store, { states: ['paused'] })), [])
  })

  promise('finds nothing unless all of a filter matches', async ({ store }) => {
    await store.insert([aJob({ id: 'a', ...odd })])
    assert.deepEqual(await everyHead(store, { tenant: 't', lane: 'other' }), [])
    assert.deepEqual(await everyHead(store, { ids: ['a'], states: ['failed'] }), [])
  })

  promise('finds nothing with an empty list', async ({ store }) => {
    await store.insert(someJobs(2))
    for (const filter of [{ ids: [] }, { states: [] }, { processors: [] }, { queues: [] }]) {
      assert.deepEqual(await everyHead(store, filter), [])
    }
  })

  promise('pages through what a filter finds', async ({ store }) => {
    await store.insert(someJobs(20).map((job, index) => ({ ...job, tags: index % 2 ? ['odd'] : ['even'] })))
    const odds = idsOf(await everyHead(store, { tag: 'odd' }, 3))
    assert.deepEqual(
      odds,
      Array.from({ length: 10 }, (_, index) => `${20 - 2 * index}`),
    )
  })

  promise('takes hundreds of ids in a filter', async ({ store }) => {
    await store.insert(someJobs(600))
    assert.equal((await everyHead(store, { ids: idsOf(someJobs(1_000)) })).length, 600)
  })

  promise('answers get with nothing for a job that is not there', async ({ store }) => {
    assert.equal(await store.get('nobody'), undefined)
  })
})
