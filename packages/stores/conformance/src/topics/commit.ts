import assert from 'node:assert/strict'
import type { JobWork, Patch } from '@longhaul/core/store'
import {
  aHeldJob,
  aJob,
  anUnreadableJob,
  assertBetween,
  assertHas,
  aWrite,
  claimed,
  idsOf,
  nowOf,
  someJobs,
  stored,
  upTo,
  write,
} from '../builders.js'
import { topic } from '../topic.js'

const max = Number.MAX_SAFE_INTEGER

const work: JobWork = {
  cursor: 'c1',
  output: 'out',
  error: 'err',
  memo: 'memo',
  progress: { done: 4, failed: 1, skipped: 2, total: 9 },
  attempts: 1,
  crashes: 2,
  interruptions: 3,
  throttles: 4,
}

export const commitPromises = topic('commit', promise => {
  for (const [member, value] of Object.entries(work)) {
    promise(`writes \`${member}\`, and leaves the rest as it is`, async ({ store }) => {
      const held = await aHeldJob(store)
      const { accepted, job } = await write(store, held, { [member]: value })
      assert.equal(accepted, true)
      assert.deepEqual(job, { ...held, [member]: value })
      assert.deepEqual(await store.get(held.id), job)
    })
  }

  promise('writes all of the work at once, and back to nothing', async ({ store }) => {
    const held = await aHeldJob(store)
    assertHas((await write(store, held, work)).job, work)
    const none = { cursor: null, output: null, error: null, memo: null, crashes: 0 }
    assertHas((await write(store, held, none, { seq: 2 })).job, { ...work, ...none })
  })

  promise('takes values as they are, never adding them up', async ({ store }) => {
    const held = await aHeldJob(store)
    const progress = { done: 5, failed: 0, skipped: 0, total: 10 }
    for (const seq of [1, 2, 3]) await write(store, held, { progress, attempts: 1 }, { seq })
    assertHas(await stored(store, held), { progress, attempts: 1 })
  })

  promise('keeps counters exact up to the largest safe integer', async ({ store }) => {
    const held = await aHeldJob(store)
    const progress = { done: max, failed: max - 1, skipped: max - 2, total: max }
    const counters = { attempts: max, crashes: max, interruptions: max, throttles: max }
    await write(store, held, { progress, ...counters })
    assertHas(await stored(store, held), { progress, ...counters })
  })

  promise('keeps a job held until a write lets go of it', async ({ store }) => {
    const held = await aHeldJob(store)
    await write(store, held, { cursor: 'c1' })
    assertHas(await stored(store, held), { state: 'running', token: 1 })
    assert.deepEqual(await claimed(store), [])
  })

  for (const state of ['completed', 'completed_with_errors', 'failed', 'cancelled'] as const) {
    promise(`ends a job as ${state}, with the instant`, async ({ store }) => {
      const held = await aHeldJob(store)
      const before = await nowOf(store)
      const { job } = await write(store, held, { state, output: 'out' })
      assertHas(job, { state, output: 'out', token: 1, wish: null })
      assertBetween(job?.endedAt ?? 0, before, await nowOf(store))
    })
  }

  for (const state of ['waiting', 'paused'] as const) {
    promise(`gives a job back as ${state}, without an end`, async ({ store }) => {
      const { job } = await write(store, await aHeldJob(store), { state })
      assertHas(job, { state, endedAt: null, token: 1 })
    })
  }

  promise('makes a job that is given back due at once', async ({ store }) => {
    const held = await aHeldJob(store)
    await write(store, held, { state: 'waiting', cursor: 'c1' })
    assertHas((await store.claim(upTo(1)))[0], { id: held.id, token: 2, cursor: 'c1' })
  })

  promise('makes a job that is given back due after its delay', async ({ store, advance }) => {
    const held = await aHeldJob(store)
    const before = await nowOf(store)
    const { job } = await write(store, held, { state: 'waiting', delayMs: 600_000 })
    assertBetween(job?.dueAt ?? 0, before + 600_000, (await nowOf(store)) + 600_000)
    await advance(590_000)
    assert.deepEqual(await claimed(store), [])
    await advance(20_000)
    assert.deepEqual(await claimed(store), [held.id])
  })

  promise('answers each write in its place', async ({ store }) => {
    await store.insert(someJobs(3))
    const jobs = await store.claim(upTo(3))
    const states = ['failed', 'waiting', 'completed'] as const
    const writes = [...jobs].reverse().map((job, index) => aWrite(job, { state: states[index] ?? 'failed' }))
    const answers = await store.commit(writes)
    assert.deepEqual(
      answers.map(({ job }) => job?.state),
      states,
    )
    assert.ok(answers.every(({ accepted }) => accepted))
  })

  promise('stops no write because another one is refused', async ({ store }) => {
    await store.insert(someJobs(2))
    const [one, two] = await store.claim(upTo(2))
    assert.ok(one && two)
    const end: Patch = { state: 'completed' }
    const holders = [one, { id: 'gone', token: 1 }, { ...two, token: 9 }, two]
    const answers = await store.commit(holders.map(holder => aWrite(holder, end)))
    assert.deepEqual(
      answers.map(({ accepted }) => accepted),
      [true, false, false, true],
    )
    assert.equal((await store.count({})).states.completed, 2)
  })

  promise('applies two writes of a job in their order', async ({ store }) => {
    const held = await aHeldJob(store)
    const patches: Patch[] = [{ cursor: 'c1' }, { cursor: 'c2', state: 'completed' }, { cursor: 'c3' }]
    const answers = await store.commit(patches.map((patch, index) => aWrite(held, patch, { seq: index + 1 })))
    assert.deepEqual(
      answers.map(({ accepted }) => accepted),
      [true, true, false],
    )
    assertHas(await stored(store, held), { cursor: 'c2', state: 'completed' })
  })

  promise('takes a commit of nothing', async ({ store }) => {
    assert.deepEqual(await store.commit([]), [])
  })

  promise('takes five hundred writes in one call', async ({ store }) => {
    await store.insert(someJobs(500))
    const jobs = await store.claim(upTo(500))
    const answers = await store.commit(jobs.map(job => aWrite(job, { state: 'completed' })))
    assert.ok(answers.every(({ accepted }) => accepted))
    assert.equal((await store.count({})).states.completed, 500)
  })

  promise('never touches what the producer decided', async ({ store }) => {
    const spec = aJob({ key: 'k', lane: 'l', tags: ['t'], priority: 3 })
    await store.insert([spec])
    const [held] = await store.claim(upTo(1))
    assert.ok(held)
    await write(store, held, { ...work, state: 'completed' })
    const { delayMs: _, ...decided } = spec
    assertHas(await stored(store, held), decided)
  })

  promise('shares no object of a write with its caller', async ({ store }) => {
    const held = await aHeldJob(store)
    const progress = { done: 1, failed: 0, skipped: 0, total: 2 }
    const items = [{ key: 'a', outcome: 'failed' as const, value: 'v', error: null }]
    const { job } = await write(store, held, { progress }, { items })
    progress.done = 2
    Reflect.set(items[0] ?? {}, 'value', 'changed')
    Reflect.set(job?.progress ?? {}, 'done', 2)
    assert.equal((await stored(store, held)).progress.done, 1)
    const page = await store.records(held.id, 'items', { limit: 1 })
    assert.equal(page.records[0]?.value, 'v')
  })

  promise('writes all of one write or nothing of it', async ({ store }) => {
    const held = await aHeldJob(store)
    const follow = [aJob({ id: 'f' }), anUnreadableJob()]
    const logs = [{ level: 'info', message: 'm' }] as const
    await assert.rejects(write(store, held, { cursor: 'c1', state: 'completed' }, { follow, logs }))

    assert.deepEqual(await store.get(held.id), held)
    assert.equal(await store.get('f'), undefined)
    assert.deepEqual((await store.records(held.id, 'logs', { limit: 9 })).records, [])
    assertHas(await write(store, held, { state: 'completed' }, { follow: [aJob({ id: 'f' })] }), {
      accepted: true,
    })
    assert.deepEqual(idsOf([await stored(store, { id: 'f' })]), ['f'])
  })
})
