import assert from 'node:assert/strict'
import {
  aHeldJob,
  aJob,
  assertBetween,
  assertHas,
  claimed,
  leaseMs,
  nowOf,
  stored,
  upTo,
  write,
} from '../builders.js'
import { topic } from '../topic.js'

export const leasePromises = topic('lease', promise => {
  promise('keeps a job for its holder until the lease ends', async ({ store, advance }) => {
    await aHeldJob(store)
    await advance(leaseMs - 10_000)
    assert.deepEqual(await claimed(store), [])
  })

  promise('gives a job out again once its lease ended, and counts the crash', async ({ store, advance }) => {
    const held = await aHeldJob(store)
    await advance(leaseMs + 1)
    assertHas((await store.claim(upTo(1)))[0], { id: held.id, state: 'running', token: 2, crashes: 1 })
  })

  promise('counts every crash in a row', async ({ store, advance }) => {
    await store.insert([aJob()])
    for (let crashes = 0; crashes < 4; crashes++) {
      assertHas((await store.claim(upTo(1)))[0], { crashes, token: crashes + 1 })
      await advance(leaseMs + 1)
    }
  })

  promise('leaves a job whose lease ended as running until somebody takes it', async ({ store, advance }) => {
    const held = await aHeldJob(store)
    await advance(leaseMs + 1)
    assertHas(await stored(store, held), { state: 'running', token: 1, crashes: 0 })
  })

  promise('counts no crash when a job is given back', async ({ store }) => {
    await store.insert([aJob()])
    for (let round = 0; round < 20; round++) {
      const [job] = await store.claim(upTo(1))
      assertHas(job, { crashes: 0, attempts: 0, token: round + 1 })
      if (job) await write(store, job, { state: 'waiting' })
    }
  })

  promise('lets the next holder start where the crashed one last wrote', async ({ store, advance }) => {
    const held = await aHeldJob(store)
    const progress = { done: 500, failed: 1, skipped: 2, total: 1_000 }
    await write(store, held, { cursor: 'c500', memo: 'notes', progress })
    await advance(leaseMs + 1)
    assertHas((await store.claim(upTo(1)))[0], { cursor: 'c500', memo: 'notes', progress, token: 2 })
  })

  promise('starts each lease at the claim, as long as the claim says', async ({ store, advance }) => {
    await store.insert([aJob({ id: 'short', priority: 1 }), aJob({ id: 'long' })])
    await claimed(store, 1, { leaseMs: 10_000 })
    await claimed(store, 1, { leaseMs: 100_000 })
    await advance(50_000)
    assert.deepEqual(await claimed(store, 9), ['short'])
  })

  promise('renews a lease from now on', async ({ store, advance }) => {
    const held = await aHeldJob(store)
    await advance(leaseMs - 10_000)
    const before = await nowOf(store)
    const { accepted, job } = await write(store, held, { leaseMs })
    assert.equal(accepted, true)
    assertBetween(job?.dueAt ?? 0, before + leaseMs, (await nowOf(store)) + leaseMs)
    assertHas(job, { state: 'running', token: 1 })
  })

  promise('lets a renewed lease outlast the first one', async ({ store, advance }) => {
    const held = await aHeldJob(store)
    for (let seq = 1; seq <= 5; seq++) {
      await advance(leaseMs - 10_000)
      assertHas(await write(store, held, { leaseMs }, { seq }), { accepted: true })
    }
    assert.deepEqual(await claimed(store), [])
    await advance(leaseMs + 1)
    assert.equal((await claimed(store)).length, 1)
  })

  promise('lets a holder make its lease shorter', async ({ store, advance }) => {
    const held = await aHeldJob(store)
    await write(store, held, { leaseMs: 1_000 })
    await advance(2_000)
    assert.deepEqual(await claimed(store), [held.id])
  })

  promise('leaves the lease alone in a write that does not renew it', async ({ store, advance }) => {
    const held = await aHeldJob(store)
    await advance(leaseMs / 2)
    const { job } = await write(store, held, { cursor: 'c1', delayMs: 1_000 })
    assert.equal(job?.dueAt, held.dueAt)
    await advance(leaseMs / 2 + 1)
    assert.deepEqual(await claimed(store), [held.id])
  })

  promise('revives nothing when a renewal arrives after the end', async ({ store, advance }) => {
    const held = await aHeldJob(store)
    await write(store, held, { state: 'completed' }, { seq: 1 })
    assertHas(await write(store, held, { leaseMs }, { seq: 2 }), { accepted: false })
    await advance(2 * leaseMs)
    assert.deepEqual(await claimed(store), [])
    assertHas(await stored(store, held), { state: 'completed' })
  })
})
