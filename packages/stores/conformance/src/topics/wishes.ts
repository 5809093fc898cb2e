import assert from 'node:assert/strict'
import {
  aHeldJob,
  aJob,
  anEndedJob,
  assertBetween,
  assertHas,
  assertUnchanged,
  claimed,
  everyHead,
  leaseMs,
  nowOf,
  someJobs,
  stored,
  upTo,
  wish,
  write,
} from '../builders.js'
import { topic } from '../topic.js'

const ended = ['completed', 'completed_with_errors', 'failed', 'cancelled'] as const

export const wishPromises = topic('wishes', promise => {
  promise('cancels a waiting job at once', async ({ store }) => {
    await store.insert([aJob({ id: 'a' })])
    const before = await nowOf(store)
    assert.equal(await wish(store, 'cancel', 'a'), 1)
    const job = await stored(store, { id: 'a' })
    assertHas(job, { state: 'cancelled', wish: null })
    assertBetween(job.endedAt ?? 0, before, await nowOf(store))
    assert.deepEqual(await claimed(store), [])
  })

  promise('pauses a waiting job at once, and lets it go on', async ({ store }) => {
    await store.insert([aJob({ id: 'a' })])
    assert.equal(await wish(store, 'pause', 'a'), 1)
    assertHas(await stored(store, { id: 'a' }), { state: 'paused', wish: null, endedAt: null })
    assert.deepEqual(await claimed(store), [])
    assert.equal(await wish(store, 'resume', 'a'), 1)
    assert.deepEqual(await claimed(store), ['a'])
  })

  promise('cancels a paused job', async ({ store }) => {
    await store.insert([aJob({ id: 'a' })])
    await wish(store, 'pause', 'a')
    assert.equal(await wish(store, 'cancel', 'a'), 1)
    assertHas(await stored(store, { id: 'a' }), { state: 'cancelled' })
  })

  promise('keeps the delay of a job over a pause', async ({ store, advance }) => {
    const [job] = await store.insert([aJob({ id: 'a', delayMs: 600_000 })])
    await wish(store, 'pause', 'a')
    await wish(store, 'resume', 'a')
    assertHas(await stored(store, { id: 'a' }), { state: 'waiting', dueAt: job?.dueAt ?? 0 })
    await advance(601_000)
    assert.deepEqual(await claimed(store), ['a'])
  })

  for (const kind of ['cancel', 'pause'] as const) {
    promise(`leaves a ${kind} with the holder, who sees it at the next commit`, async ({ store }) => {
      const held = await aHeldJob(store)
      assert.equal(await wish(store, kind, held.id), 1)
      assert.deepEqual(await store.get(held.id), { ...held, wish: kind })
      const { accepted, job } = await write(store, held, { cursor: 'c1' })
      assert.equal(accepted, true)
      assertHas(job, { state: 'running', wish: kind, cursor: 'c1' })
    })
  }

  promise('lets a cancel outrank a pause, in either order', async ({ store }) => {
    const one = await aHeldJob(store)
    const two = await aHeldJob(store)
    for (const kind of ['pause', 'cancel'] as const) await wish(store, kind, one.id)
    for (const kind of ['cancel', 'pause'] as const) await wish(store, kind, two.id)
    assertHas(await stored(store, one), { wish: 'cancel' })
    assertHas(await stored(store, two), { wish: 'cancel' })
  })

  promise('takes a pause back with resume, and never a cancel', async ({ store }) => {
    const one = await aHeldJob(store)
    const two = await aHeldJob(store)
    await wish(store, 'pause', one.id)
    await wish(store, 'cancel', two.id)
    assert.equal(await wish(store, 'resume', one.id, two.id), 1)
    assertHas(await stored(store, one), { wish: null, state: 'running' })
    assertHas(await stored(store, two), { wish: 'cancel' })
  })

  const becomes = { cancel: 'cancelled', pause: 'paused' } as const
  for (const [kind, state] of Object.entries(becomes) as [keyof typeof becomes, 'cancelled' | 'paused'][]) {
    promise(`makes a job ${state} that is given back with a pending ${kind}`, async ({ store }) => {
      const held = await aHeldJob(store)
      await wish(store, kind, held.id)
      const { accepted, job } = await write(store, held, { state: 'waiting', cursor: 'c1', delayMs: 1_000 })
      assert.equal(accepted, true)
      assertHas(job, { state, wish: null, cursor: 'c1' })
      assert.equal(job?.endedAt !== null, kind === 'cancel')
    })
  }

  promise('cancels a job that is given back as paused with a pending cancel', async ({ store }) => {
    const held = await aHeldJob(store)
    await wish(store, 'cancel', held.id)
    assertHas((await write(store, held, { state: 'paused' })).job, { state: 'cancelled', wish: null })
  })

  for (const state of ended) {
    promise(`drops a pending wish where the job ends as ${state}`, async ({ store }) => {
      const held = await aHeldJob(store)
      await wish(store, 'pause', held.id)
      await wish(store, 'cancel', held.id)
      assertHas((await write(store, held, { state })).job, { state, wish: null })
    })
  }

  promise('makes a job that its holder paused due at once when it goes on', async ({ store }) => {
    const held = await aHeldJob(store)
    await wish(store, 'pause', held.id)
    await write(store, held, { state: 'paused', cursor: 'c1' })
    await wish(store, 'resume', held.id)
    assertHas((await store.claim(upTo(1)))[0], { id: held.id, cursor: 'c1', token: 2 })
  })

  promise('moves a running job at once when its lease has ended', async ({ store, advance }) => {
    const [one, two] = [await aHeldJob(store), await aHeldJob(store)]
    await advance(leaseMs + 1)
    await wish(store, 'cancel', one.id)
    await wish(store, 'pause', two.id)
    assertHas(await stored(store, one), { state: 'cancelled', wish: null, token: 1 })
    assertHas(await stored(store, two), { state: 'paused', wish: null, endedAt: null })
    await wish(store, 'resume', two.id)
    assert.deepEqual(await claimed(store, 9), [two.id], 'due at once, and only the one that was paused')
  })

  promise(
    'shows the next holder a wish that the crashed one never carried out',
    async ({ store, advance }) => {
      const held = await aHeldJob(store)
      await wish(store, 'cancel', held.id)
      await advance(leaseMs + 1)
      assertHas((await store.claim(upTo(1)))[0], { id: held.id, wish: 'cancel', token: 2, crashes: 1 })
    },
  )

  promise('forgets no cancel when a pause follows after the lease ended', async ({ store, advance }) => {
    const held = await aHeldJob(store)
    await wish(store, 'cancel', held.id)
    await advance(leaseMs + 1)
    await wish(store, 'pause', held.id)
    assertHas(await stored(store, held), { state: 'cancelled', wish: null })
  })

  promise('moves no job that has ended with cancel, pause or resume', async ({ store }) => {
    for (const state of ended) await anEndedJob(store, state)
    await assertUnchanged(store, async () => {
      for (const kind of ['cancel', 'pause', 'resume'] as const)
        assert.equal(await store.request({ kind }, {}), 0)
    })
  })

  promise('carries a wish to the jobs that match, and answers how many it changed', async ({ store }) => {
    await store.insert([...someJobs(5, { tenant: 't' }), aJob({ id: 'other', tenant: 'u' })])
    await wish(store, 'cancel', '1')
    assert.equal(await store.request({ kind: 'cancel' }, { tenant: 't' }), 4)
    assertHas(await stored(store, { id: 'other' }), { state: 'waiting' })
    assert.equal(await wish(store, 'cancel', 'nobody'), 0)
  })

  promise('carries a wish to nobody when it names no ids', async ({ store }) => {
    await store.insert(someJobs(3))
    await assertUnchanged(store, async () =>
      assert.equal(await store.request({ kind: 'cancel' }, { ids: [] }), 0),
    )
  })

  promise('carries a wish to every job with an empty filter', async ({ store }) => {
    await store.insert(someJobs(1_500))
    assert.equal(await store.request({ kind: 'pause' }, {}), 1_500)
    assert.ok((await everyHead(store)).every(({ state }) => state === 'paused'))
  })
})
