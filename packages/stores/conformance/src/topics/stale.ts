import assert from 'node:assert/strict'
import type { Job, Write } from '@longhaul/core/store'
import type { Bench } from '../bench.js'
import { aHeldJob, aJob, assertUnchanged, claimed, leaseMs, upTo, wish, write } from '../builders.js'
import { topic } from '../topic.js'

type Extra = Omit<Write, 'id' | 'token' | 'seq'>

const progress = { done: 7, failed: 1, skipped: 1, total: 9 }

/** Every kind of write that a holder makes. */
export const writeKinds: Readonly<Record<string, Extra>> = {
  'a heartbeat': { patch: { leaseMs: 2 * leaseMs } },
  'a checkpoint': { patch: { cursor: 'c7', memo: 'seven', progress, leaseMs } },
  'a checkpoint with records': {
    patch: { cursor: 'c8' },
    items: [{ key: 'item', outcome: 'failed', value: 'v', error: 'e' }],
    logs: [{ level: 'info', message: 'hello' }],
  },
  'a give-back': { patch: { state: 'waiting', cursor: 'c9', interruptions: 1 } },
  'a retry later': { patch: { state: 'waiting', attempts: 1, error: 'no luck', delayMs: 5_000 } },
  'a pause': { patch: { state: 'paused' } },
  'a completion': {
    patch: { state: 'completed', output: 'done', progress },
    logs: [{ level: 'info', message: 'bye' }],
  },
  'a completion with errors': { patch: { state: 'completed_with_errors', output: 'done' } },
  'a failure': { patch: { state: 'failed', error: 'no luck', attempts: 3 } },
  'a cancellation': { patch: { state: 'cancelled' } },
}

type History = (bench: Bench, job: Job) => Promise<unknown>

const expired: History = ({ advance }) => advance(leaseMs + 1)

async function reclaimed(bench: Bench, job: Job) {
  await expired(bench, job)
  const [next] = await bench.store.claim(upTo(1))
  assert.equal(next?.id, job.id)
  return next
}

async function cancelled(bench: Bench, job: Job) {
  await expired(bench, job)
  assert.equal(await wish(bench.store, 'cancel', job.id), 1)
}

/** What may have happened to a job while its holder was away. */
const histories: Readonly<Record<string, History>> = {
  'its lease ended': expired,
  'the job was claimed again': reclaimed,
  'the next holder completed the job': async (bench, job) => {
    await write(bench.store, await reclaimed(bench, job), { state: 'completed' })
  },
  'the next holder gave the job back': async (bench, job) => {
    await write(bench.store, await reclaimed(bench, job), { state: 'waiting' })
  },
  'it completed the job itself': ({ store }, job) => write(store, job, { state: 'completed' }),
  'it gave the job back itself': ({ store }, job) => write(store, job, { state: 'waiting' }),
  'the job was cancelled': cancelled,
  'the job was paused': async (bench, job) => {
    await expired(bench, job)
    assert.equal(await wish(bench.store, 'pause', job.id), 1)
  },
  'the job failed and was retried': async ({ store }, job) => {
    await write(store, job, { state: 'failed' })
    assert.equal(await wish(store, 'retry', job.id), 1)
  },
  'the job was deleted': async (bench, job) => {
    await cancelled(bench, job)
    await bench.advance(1_000)
    assert.equal(await bench.store.prune({ states: ['cancelled'], olderThanMs: 1, limit: 10 }), 1)
  },
}

/** Above the sequence of any write that a history makes with the same token. */
const seq = 10

export const stalePromises = topic('stale writers', promise => {
  for (const [when, history] of Object.entries(histories)) {
    for (const [kind, extra] of Object.entries(writeKinds)) {
      promise(`refuses ${kind} after ${when}`, async bench => {
        const held = await aHeldJob(bench.store)
        await history(bench, held)
        await assertUnchanged(bench.store, async () => {
          const answer = await write(bench.store, held, extra.patch, {
            ...extra,
            seq,
            follow: [aJob({ id: 'follow' })],
          })
          assert.equal(answer.accepted, false)
        })
      })
    }
  }

  promise('refuses a write to a job that was never claimed', async ({ store }) => {
    const [job] = await store.insert([aJob()])
    assert.ok(job)
    await assertUnchanged(store, async () => {
      assert.deepEqual(await write(store, job, { state: 'completed' }), { accepted: false, job })
    })
  })

  promise('refuses a token that was not given out yet', async ({ store }) => {
    const held = await aHeldJob(store)
    await assertUnchanged(store, async () => {
      const { accepted } = await write(store, { id: held.id, token: 2 }, { state: 'completed' })
      assert.equal(accepted, false)
    })
  })

  promise('refuses a write to a job that never was', async ({ store }) => {
    const answer = await write(
      store,
      { id: 'nobody', token: 1 },
      { state: 'completed' },
      { follow: [aJob({ id: 'f' })] },
    )
    assert.deepEqual(answer, { accepted: false, job: undefined })
    assert.equal(await store.get('f'), undefined)
  })

  promise('lets the true holder go on after a stale write', async bench => {
    const first = await aHeldJob(bench.store)
    const second = await reclaimed(bench, first)
    await write(bench.store, first, { state: 'failed' }, { seq })
    const { accepted, job } = await write(bench.store, second, { state: 'completed' })
    assert.deepEqual([accepted, job?.state, job?.token], [true, 'completed', 2])
  })

  promise('keeps the lane place of the true holder after a stale write', async bench => {
    const first = await aHeldJob(bench.store, { lane: 'l' })
    await reclaimed(bench, first)
    await bench.store.insert([aJob({ lane: 'l' })])
    await write(bench.store, first, { state: 'completed' }, { seq })
    assert.deepEqual(await claimed(bench.store), [])
  })
})
