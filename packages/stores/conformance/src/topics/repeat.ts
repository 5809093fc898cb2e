import assert from 'node:assert/strict'
import type { Wish } from '@longhaul/core/store'
import {
  aHeldJob,
  aJob,
  anEndedJob,
  assertHas,
  assertUnchanged,
  everyPage,
  leaseMs,
  someJobs,
  stored,
  upTo,
  wish,
  write,
} from '../builders.js'
import { topic } from '../topic.js'
import { writeKinds } from './stale.js'

/** `move` has its own topic. */
type Moving = Exclude<Wish['kind'], 'move'>

export const repeatPromises = topic('repeated calls', promise => {
  for (const [kind, extra] of Object.entries(writeKinds)) {
    promise(`accepts ${kind} again, and changes nothing`, async ({ store, advance }) => {
      const held = await aHeldJob(store)
      const more = { ...extra, follow: [aJob({ id: 'follow' })] }
      const first = await write(store, held, extra.patch, more)
      await advance(1_000)
      await assertUnchanged(store, async () => {
        assert.deepEqual(await write(store, held, extra.patch, more), first)
      })
    })
  }

  promise('accepts a write below the last one, and changes nothing', async ({ store }) => {
    const held = await aHeldJob(store)
    await write(store, held, { cursor: 'c5' }, { seq: 5 })
    await assertUnchanged(store, async () => {
      const late = { seq: 3, follow: [aJob()], logs: [{ level: 'info', message: 'late' }] as const }
      assertHas(await write(store, held, { cursor: 'c3', state: 'failed' }, late), { accepted: true })
    })
  })

  promise('lets the numbers of writes have gaps', async ({ store }) => {
    const held = await aHeldJob(store)
    for (const seq of [1, 7, 1_000_000]) await write(store, held, { cursor: `c${seq}` }, { seq })
    assertHas(await stored(store, held), { cursor: 'c1000000' })
  })

  promise('numbers the writes of each token anew', async ({ store }) => {
    const first = await aHeldJob(store)
    await write(store, first, { state: 'waiting' }, { seq: 9 })
    const [second] = await store.claim(upTo(1))
    assert.ok(second)
    await write(store, second, { cursor: 'c1' }, { seq: 1 })
    assertHas(await stored(store, first), { cursor: 'c1', token: 2 })
  })

  promise('uses up no number with a refused write', async ({ store, advance }) => {
    const first = await aHeldJob(store)
    await advance(leaseMs + 1)
    const [second] = await store.claim(upTo(1))
    assert.ok(second)
    await write(store, first, { cursor: 'stale' }, { seq: 50 })
    await write(store, second, { cursor: 'c1' }, { seq: 1 })
    assertHas(await stored(store, first), { cursor: 'c1' })
  })

  promise(
    'accepts a write again after its lease ended, while nobody else claimed the job',
    async ({ store, advance }) => {
      const held = await aHeldJob(store)
      await write(store, held, { cursor: 'c1' })
      await advance(leaseMs + 1)
      await assertUnchanged(store, async () => {
        assertHas(await write(store, held, { cursor: 'c1' }), { accepted: true })
      })
    },
  )

  promise('refuses a write again once the job has a newer token', async ({ store }) => {
    const held = await aHeldJob(store)
    await write(store, held, { state: 'waiting' })
    await store.claim(upTo(1))
    await assertUnchanged(store, async () => {
      assertHas(await write(store, held, { state: 'waiting' }), { accepted: false })
    })
  })

  promise('keeps records once when a write with records is repeated', async ({ store }) => {
    const held = await aHeldJob(store)
    const records = {
      items: [{ key: 'a', outcome: 'skipped', value: null, error: null }] as const,
      logs: [{ level: 'warn', message: 'once' }] as const,
    }
    for (let repeat = 0; repeat < 3; repeat++) await write(store, held, {}, records)
    assert.equal((await everyPage(() => store.records(held.id, 'items', { limit: 9 }))).length, 1)
    assert.equal((await everyPage(() => store.records(held.id, 'logs', { limit: 9 }))).length, 1)
  })

  promise('adds nothing with a repeated insert', async ({ store, advance }) => {
    const jobs = [aJob({ key: 'k' }), ...someJobs(3, { delayMs: 5_000 })]
    const first = await store.insert(jobs)
    await advance(1_000)
    await assertUnchanged(store, async () => assert.deepEqual(await store.insert(jobs), first))
  })

  const setUps: Readonly<Record<Moving, (store: Parameters<typeof wish>[0]) => Promise<{ id: string }>>> = {
    cancel: async store => (await store.insert([aJob()]))[0] ?? aJob(),
    pause: async store => (await store.insert([aJob()]))[0] ?? aJob(),
    promote: async store => (await store.insert([aJob({ delayMs: leaseMs })]))[0] ?? aJob(),
    retry: store => anEndedJob(store, 'failed'),
    resume: async store => {
      const [job = aJob()] = await store.insert([aJob()])
      await wish(store, 'pause', job.id)
      return job
    },
  }
  for (const [kind, setUp] of Object.entries(setUps)) {
    promise(`changes nothing more with a repeated ${kind}`, async ({ store, advance }) => {
      const { id } = await setUp(store)
      assert.equal(await wish(store, kind as Moving, id), 1)
      await advance(1_000)
      await assertUnchanged(store, async () => assert.equal(await wish(store, kind as Moving, id), 0))
    })
  }

  for (const kind of ['cancel', 'pause'] as const) {
    promise(`changes nothing more with a repeated ${kind} of a held job`, async ({ store }) => {
      const { id } = await aHeldJob(store)
      assert.equal(await wish(store, kind, id), 1)
      await assertUnchanged(store, async () => assert.equal(await wish(store, kind, id), 0))
    })
  }

  promise('reads the same twice', async ({ store }) => {
    const held = await aHeldJob(store)
    await write(store, held, {}, { logs: [{ level: 'info', message: 'm' }] })
    const read = async () => [
      await store.get(held.id),
      await store.list({}, { limit: 5 }),
      (await store.count({})).states,
      await store.records(held.id, 'logs', { limit: 5 }),
    ]
    assert.deepEqual(await read(), await read())
  })
})
