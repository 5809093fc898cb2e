import assert from 'node:assert/strict'
import {
  aJob,
  assertHas,
  claimed,
  everything,
  idsOf,
  leaseMs,
  someJobs,
  stored,
  upTo,
  wish,
  write,
} from '../builders.js'
import { topic } from '../topic.js'

export const sharePromises = topic(
  'two stores on the same data',
  promise => {
    promise('shows one what the other inserted', async ({ store, another }) => {
      const other = await another()
      await store.insert([aJob({ id: 'a' })])
      assert.deepEqual(await other.get('a'), await store.get('a'))
      assert.deepEqual(await claimed(other), ['a'])
      assert.deepEqual(await claimed(store), [])
    })

    promise('lets either write with the token that one was given', async ({ store, another }) => {
      const other = await another()
      await store.insert([aJob()])
      const [held] = await store.claim(upTo(1))
      assert.ok(held)
      assertHas(await write(other, held, { cursor: 'c1' }), { accepted: true })
      assertHas(await write(store, held, { cursor: 'c1' }), { accepted: true })
      assertHas(await stored(store, held), { cursor: 'c1' })
    })

    promise('refuses here a token that is stale since a claim there', async ({ store, another, advance }) => {
      const other = await another()
      await store.insert([aJob()])
      const [held] = await store.claim(upTo(1))
      assert.ok(held)
      await advance(leaseMs + 1)
      assertHas((await other.claim(upTo(1)))[0], { token: 2 })
      assertHas(await write(store, held, { state: 'completed' }), { accepted: false })
    })

    promise('brings a wish from one to the holder at the other', async ({ store, another }) => {
      const other = await another()
      await store.insert([aJob()])
      const [held] = await store.claim(upTo(1))
      assert.ok(held)
      await wish(other, 'cancel', held.id)
      assertHas((await write(store, held, {})).job, { wish: 'cancel' })
    })

    promise('goes on for the one when the other is closed', async ({ store, another }) => {
      const other = await another()
      await store.insert(someJobs(3))
      await other.close()
      assert.deepEqual(await claimed(store, 9), idsOf(someJobs(3)))
    })

    promise('keeps everything when all stores were closed', async ({ store, another }) => {
      await store.insert([aJob({ id: 'a', tags: ['t'] }), ...someJobs(2, { key: 'k' })])
      const [held] = await store.claim(upTo(1))
      assert.ok(held)
      await write(store, held, { cursor: 'c1' }, { logs: [{ level: 'info', message: 'm' }] })
      await store.swap('c', { id: 's', version: 0, value: 'v' })
      const before = await everything(store)
      await store.close()

      const reopened = await another()
      assert.deepEqual(await everything(reopened), before)
      assertHas(await reopened.cell('c'), { value: 'v', version: 1 })
      assertHas(await write(reopened, held, { state: 'completed' }, { seq: 2 }), { accepted: true })
    })

    promise('lets many open at once', async ({ store, another }) => {
      const stores = await Promise.all(Array.from({ length: 5 }, () => another()))
      await store.insert([aJob({ id: 'a' })])
      for (const other of stores) assertHas(await stored(other, { id: 'a' }), { state: 'waiting' })
    })
  },
  'share',
)
