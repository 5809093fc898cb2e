import assert from 'node:assert/strict'
import type { RetentionRule } from '@longhaul/core/store'
import {
  aHeldJob,
  aJob,
  anEndedJob,
  assertHas,
  everyHead,
  idsOf,
  leaseMs,
  someJobs,
  upTo,
  wish,
} from '../builders.js'
import { topic } from '../topic.js'

const ended = ['completed', 'completed_with_errors', 'failed', 'cancelled'] as const
const all: RetentionRule = { states: ended, olderThanMs: 1_000, limit: 100 }

export const prunePromises = topic('prune', promise => {
  for (const state of ended) {
    promise(`deletes a job that is ${state}`, async ({ store, advance }) => {
      const { id } = await anEndedJob(store, state)
      await advance(2_000)
      assert.equal(await store.prune({ ...all, states: [state] }), 1)
      assert.equal(await store.get(id), undefined)
      assert.deepEqual(await everyHead(store), [])
    })
  }

  promise('deletes only the states that the rule names', async ({ store, advance }) => {
    for (const state of ended) await anEndedJob(store, state, { id: state })
    await advance(2_000)
    assert.equal(await store.prune({ ...all, states: [] }), 0)
    assert.equal(await store.prune({ ...all, states: ['completed', 'cancelled'] }), 2)
    assert.deepEqual(idsOf(await everyHead(store)), ['failed', 'completed_with_errors'])
  })

  promise('deletes only the processors that the rule names', async ({ store, advance }) => {
    for (const processor of ['one', 'two']) await anEndedJob(store, 'completed', { id: processor, processor })
    await advance(2_000)
    assert.equal(await store.prune({ ...all, processors: [] }), 0)
    assert.equal(await store.prune({ ...all, processors: ['two', 'three'] }), 1)
    assert.deepEqual(idsOf(await everyHead(store)), ['one'])
  })

  promise('counts the age of a job from its end', async ({ store, advance }) => {
    const [job] = [await aHeldJob(store)]
    await advance(leaseMs + 1)
    await wish(store, 'cancel', job.id)
    assert.equal(await store.prune({ ...all, olderThanMs: 10_000 }), 0)
    await advance(5_000)
    assert.equal(await store.prune({ ...all, olderThanMs: 10_000 }), 0)
    await advance(6_000)
    assert.equal(await store.prune({ ...all, olderThanMs: 10_000 }), 1)
  })

  promise('deletes one chunk, the longest ended first', async ({ store, advance }) => {
    await store.insert(someJobs(5))
    for (const id of ['3', '1', '5', '2', '4']) {
      await wish(store, 'cancel', id)
      await advance(1_000)
    }
    assert.equal(await store.prune({ ...all, olderThanMs: 1, limit: 2 }), 2)
    assert.deepEqual(idsOf(await everyHead(store)), ['5', '4', '2'])
    assert.equal(await store.prune({ ...all, olderThanMs: 1, limit: 2 }), 2)
    assert.deepEqual(idsOf(await everyHead(store)), ['4'])
  })

  promise('never touches what waits, runs or is paused, however old', async ({ store, advance }) => {
    await aHeldJob(store)
    await store.insert([aJob({ id: 'paused' }), ...someJobs(3)])
    await wish(store, 'pause', 'paused')
    await advance(1_000 * leaseMs)
    assert.equal(await store.prune(all), 0)
    assert.equal((await everyHead(store)).length, 5)
  })

  promise('spares a job that was retried', async ({ store, advance }) => {
    const { id } = await anEndedJob(store, 'failed')
    await wish(store, 'retry', id)
    await advance(2_000)
    assert.equal(await store.prune(all), 0)
    assertHas((await store.claim(upTo(1)))[0], { id })
  })

  promise('deletes a thousand jobs chunk by chunk, and leaves the others', async ({ store, advance }) => {
    await store.insert([...someJobs(1_000), ...['a', 'b', 'c'].map(id => aJob({ id, tags: ['live'] }))])
    await store.request({ kind: 'cancel' }, { ids: idsOf(someJobs(1_000)) })
    await advance(2_000)
    for (const chunk of [300, 300, 300, 100, 0])
      assert.equal(await store.prune({ ...all, limit: 300 }), chunk)
    assert.deepEqual(idsOf(await everyHead(store)), ['c', 'b', 'a'])
  })

  promise('lets the id of a deleted job be used anew', async ({ store, advance }) => {
    await anEndedJob(store, 'completed', { id: 'a' })
    await advance(2_000)
    await store.prune(all)
    await store.insert([aJob({ id: 'a', input: 'new' })])
    assertHas((await store.claim(upTo(1)))[0], { id: 'a', input: 'new', crashes: 0 })
  })
})
