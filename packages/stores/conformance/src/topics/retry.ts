import assert from 'node:assert/strict'
import type { Job, Store } from '@longhaul/core/store'
import {
  aHeldJob,
  aJob,
  anEndedJob,
  assertHas,
  assertUnchanged,
  claimed,
  leaseMs,
  nowOf,
  stored,
  upTo,
  wish,
  write,
} from '../builders.js'
import { topic } from '../topic.js'

const retried = ['completed_with_errors', 'failed', 'cancelled'] as const

export const retryPromises = topic('retry and promote', promise => {
  for (const state of retried) {
    promise(`makes a job that is ${state} due again with retry`, async ({ store, advance }) => {
      const before = await anEndedJob(store, state)
      await advance(1_000)
      assert.equal(await wish(store, 'retry', before.id), 1)
      const job = await stored(store, before)
      assertHas(job, { state: 'waiting', endedAt: null, wish: null, token: 1, startedAt: before.startedAt })
      assert.ok(job.dueAt <= (await nowOf(store)))
      assertHas((await store.claim(upTo(1)))[0], { id: job.id, token: 2 })
    })
  }

  promise(
    'clears what counts against a job with retry, and keeps the rest of its work',
    async ({ store }) => {
      const held = await aHeldJob(store)
      const kept = { cursor: 'c9', memo: 'm', error: 'e', interruptions: 3, throttles: 4 }
      await write(store, held, { ...kept, attempts: 5, crashes: 2, state: 'failed' })
      await wish(store, 'retry', held.id)
      assertHas(await stored(store, held), { ...kept, attempts: 0, crashes: 0 })
    },
  )

  promise('puts a cursor and fresh progress in place of the old with retry', async ({ store }) => {
    const { id } = await failedAt(store, 'c9')
    const work = { cursor: null, memo: 'again', progress: { done: 0, failed: 0, skipped: 0, total: 3 } }
    assert.equal(await store.request({ kind: 'retry', work }, { ids: [id] }), 1)
    assertHas(await stored(store, { id }), work)
  })

  promise('leaves out of a retry what is not named', async ({ store }) => {
    const before = await failedAt(store, 'c9')
    await store.request({ kind: 'retry', work: { memo: 'again' } }, { ids: [before.id] })
    assertHas(await stored(store, before), { cursor: 'c9', memo: 'again', progress: before.progress })
  })

  promise('makes a waiting job due now with promote', async ({ store }) => {
    await store.insert([aJob({ id: 'a', delayMs: leaseMs })])
    assert.equal(await wish(store, 'promote', 'a'), 1)
    assert.deepEqual(await claimed(store), ['a'])
  })

  promise('promotes neither what is due, nor what runs, is paused or has ended', async ({ store }) => {
    await anEndedJob(store)
    await aHeldJob(store)
    await store.insert([aJob({ id: 'due' }), aJob({ id: 'paused', delayMs: leaseMs })])
    await wish(store, 'pause', 'paused')
    await assertUnchanged(store, async () => assert.equal(await store.request({ kind: 'promote' }, {}), 0))
  })

  promise('retries nothing that is still under way, or completed', async ({ store }) => {
    await anEndedJob(store, 'completed')
    await aHeldJob(store)
    await store.insert([aJob(), aJob({ id: 'paused' })])
    await wish(store, 'pause', 'paused')
    await assertUnchanged(store, async () => assert.equal(await store.request({ kind: 'retry' }, {}), 0))
  })
})
async function failedAt(store: Store, cursor: string): Promise<Job> {
  const held = await aHeldJob(store)
  const progress = { done: 9, failed: 1, skipped: 0, total: 10 }
  await write(store, held, { state: 'failed', cursor, progress })
  return stored(store, held)
}
