import assert from 'node:assert/strict'
import {
  aHeldJob,
  aJob,
  anEndedJob,
  assertHas,
  assertUnchanged,
  claimed,
  everyHead,
  idsOf,
  nowOf,
  someJobs,
  stored,
  upTo,
  write,
} from '../builders.js'
import { topic } from '../topic.js'

export const groupPromises = topic('groups', promise => {
  promise('keeps the group and the note of a job', async ({ store }) => {
    const [job] = await store.insert([aJob({ id: 'a', group: 'g\0\ud800', note: '{"é":1}' })])
    assertHas(job, { group: 'g\0\ud800', note: '{"é":1}', waitsFor: 0 })
    assertHas(await stored(store, { id: 'a' }), { group: 'g\0\ud800', note: '{"é":1}' })
    const [held] = await store.claim(upTo(1))
    assertHas(held, { group: 'g\0\ud800', note: '{"é":1}', waitsFor: 0 })
    assertHas((await everyHead(store))[0], { group: 'g\0\ud800', note: '{"é":1}', waitsFor: 0 })
  })

  promise('finds the jobs of a group, a page at a time', async ({ store }) => {
    await store.insert([...someJobs(5, { group: 'g' }), aJob({ group: 'h' }), aJob()])
    assert.deepEqual(idsOf(await everyHead(store, { group: 'g' }, 2)), ['5', '4', '3', '2', '1'])
    assert.deepEqual(await everyHead(store, { group: 'nobody' }), [])
  })

  promise('finds by group and something else', async ({ store }) => {
    await anEndedJob(store, 'failed', { id: 'f', group: 'g' })
    await store.insert([...someJobs(3, { group: 'g', queue: 'q' }), aJob({ group: 'g' })])
    assert.deepEqual(idsOf(await everyHead(store, { group: 'g', states: ['failed'] })), ['f'])
    assert.equal((await everyHead(store, { group: 'g', queues: ['q'] })).length, 3)
    assert.equal((await everyHead(store, { group: 'g', ids: ['1', 'f', 'other'] })).length, 2)
  })

  promise('counts a group, with its progress and its first start', async ({ store, advance }) => {
    await store.insert([...someJobs(3, { group: 'g' }), aJob({ id: 'other', group: 'h' })])
    assertHas(await store.count({ group: 'g' }), { startedAt: null })
    const before = await nowOf(store)
    const [one] = await store.claim(upTo(1))
    const after = await nowOf(store)
    await advance(5_000)
    const [two] = await store.claim(upTo(1))
    assert.ok(one && two)
    await write(store, one, { state: 'completed', progress: { done: 3, failed: 0, skipped: 1, total: 4 } })
    await write(store, two, { progress: { done: 2, failed: 1, skipped: 0, total: 6 } })
    const { states, progress, startedAt } = await store.count({ group: 'g' })
    assertHas(states, { completed: 1, running: 1, waiting: 1 })
    assert.deepEqual(progress, { done: 5, failed: 1, skipped: 1, total: 10 })
    assert.ok(startedAt !== null && before <= startedAt && startedAt <= after, 'the first claim of all')
  })

  promise(
    'keeps the first start of a group over retries, and tells none without a group',
    async ({ store }) => {
      const first = await anEndedJob(store, 'failed', { group: 'g' })
      await store.request({ kind: 'retry' }, { ids: [first.id] })
      await store.claim(upTo(1))
      assert.equal((await store.count({ group: 'g' })).startedAt, first.startedAt)
      assert.equal((await store.count({ group: 'g', states: ['waiting'] })).startedAt, null)
      assert.equal((await store.count({})).startedAt, null)
      assert.equal((await store.count({ ids: [first.id] })).startedAt, null)
    },
  )

  promise('carries a wish to a group alone', async ({ store }) => {
    await store.insert([...someJobs(30, { group: 'g' }), aJob({ id: 'other' })])
    assert.equal(await store.request({ kind: 'cancel' }, { group: 'g' }), 30)
    assert.equal(await store.request({ kind: 'retry' }, { group: 'g', states: ['cancelled'] }), 30)
    assertHas(await stored(store, { id: 'other' }), { state: 'waiting' })
  })

  promise('forgets a group with its last job', async ({ store, advance }) => {
    await anEndedJob(store, 'completed', { group: 'g' })
    await advance(1)
    await store.prune({ states: ['completed'], olderThanMs: 0, limit: 10 })
    assert.deepEqual(await everyHead(store, { group: 'g' }), [])
    assertHas((await store.count({ group: 'g' })).states, { completed: 0 })
  })
})

export const movePromises = topic('move', promise => {
  promise('moves a waiting job to another queue', async ({ store }) => {
    await store.insert([aJob({ id: 'a' })])
    assert.equal(await store.request({ kind: 'move', queue: 'slow' }, { ids: ['a'] }), 1)
    assertHas(await stored(store, { id: 'a' }), { queue: 'slow', state: 'waiting' })
    assert.deepEqual(await claimed(store, 9, { queues: ['default'] }), [])
    assert.deepEqual(await claimed(store, 9, { queues: ['slow'] }), ['a'])
  })

  promise('changes the priority of a waiting job, and so its turn', async ({ store }) => {
    await store.insert(someJobs(3))
    assert.equal(await store.request({ kind: 'move', priority: 10 }, { ids: ['3'] }), 1)
    assert.equal(await store.request({ kind: 'move', priority: -1 }, { ids: ['1'] }), 1)
    assert.deepEqual(await claimed(store, 9), ['3', '2', '1'])
  })

  promise('changes the turn of a job with a lane', async ({ store }) => {
    await store.insert(someJobs(3, { lane: 'l' }))
    await store.request({ kind: 'move', priority: 10, queue: 'q' }, { ids: ['3'] })
    assert.deepEqual(await claimed(store, 9), ['3'])
  })

  promise('moves a job in any state, and nothing else of it', async ({ store }) => {
    for (const state of ['completed', 'failed', 'cancelled'] as const)
      await anEndedJob(store, state, { id: state })
    await store.insert([aJob({ id: 'paused' }), aJob({ id: 'later', delayMs: 60_000 })])
    await store.request({ kind: 'pause' }, { ids: ['paused'] })
    const held = await aHeldJob(store, { id: 'held' })
    const before = new Map((await everyHead(store)).map(head => [head.id, head]))
    assert.equal(await store.request({ kind: 'move', queue: 'q', priority: 5 }, {}), 6)
    for (const head of await everyHead(store))
      assert.deepEqual(head, { ...before.get(head.id), queue: 'q', priority: 5 })
    assertHas(await write(store, held, { state: 'waiting' }), { accepted: true })
    assert.deepEqual(await claimed(store, 9, { queues: ['q'] }), ['held'])
  })

  promise('retries a job in the queue that it was moved to', async ({ store }) => {
    const failed = await anEndedJob(store, 'failed')
    await store.request({ kind: 'move', queue: 'q' }, { ids: [failed.id] })
    await store.request({ kind: 'retry' }, { ids: [failed.id] })
    assert.deepEqual(await claimed(store, 9, { queues: ['default'] }), [])
    assert.deepEqual(await claimed(store, 9, { queues: ['q'] }), [failed.id])
  })

  promise('tells nobody who waits for a job that has ended when that is moved', async ({ store }) => {
    const failed = await anEndedJob(store, 'failed')
    await store.insert([aJob({ id: 'b', after: { ids: [failed.id], outcome: 'succeeded' } })])
    await store.request({ kind: 'retry' }, { ids: ['b'] })
    await store.request({ kind: 'move', queue: 'q' }, { ids: [failed.id] })
    assertHas(await stored(store, { id: 'b' }), { state: 'blocked', waitsFor: 1 })
  })

  promise('moves a job whose lease ended', async ({ store, advance }) => {
    const held = await aHeldJob(store)
    await advance(60_001)
    assert.equal(await store.request({ kind: 'move', priority: 7, queue: 'q' }, { ids: [held.id] }), 1)
    assertHas((await store.claim(upTo(1, { queues: ['q'] })))[0], { id: held.id, priority: 7, token: 2 })
  })

  promise('changes nothing more with a repeated move, or one that says nothing', async ({ store }) => {
    await store.insert([aJob({ id: 'a', queue: 'q', priority: 3 })])
    await assertUnchanged(store, async () => {
      assert.equal(await store.request({ kind: 'move', queue: 'q', priority: 3 }, { ids: ['a'] }), 0)
      assert.equal(await store.request({ kind: 'move' }, { ids: ['a'] }), 0)
    })
  })

  promise('finds and counts a job in the queue that it was moved to', async ({ store }) => {
    await store.insert(someJobs(3))
    await store.request({ kind: 'move', queue: 'q' }, { ids: ['2'] })
    assert.deepEqual(idsOf(await everyHead(store, { queues: ['q'] })), ['2'])
    assertHas((await store.count({ queues: ['default'] })).states, { waiting: 2 })
    assertHas((await store.count({ queues: ['q'] })).states, { waiting: 1 })
  })

  promise('claims from all queues but some', async ({ store }) => {
    await store.insert([aJob({ id: 'a', queue: 'q' }), aJob({ id: 'b', queue: 'r' }), aJob({ id: 'c' })])
    assert.deepEqual(await claimed(store, 9, { exceptQueues: ['q', 'default'] }), ['b'])
    assert.deepEqual(await claimed(store, 9, { queues: ['q', 'r'], exceptQueues: ['q'] }), [])
    assert.deepEqual(await claimed(store, 9, { exceptQueues: [] }), ['a', 'c'])
  })

  promise('reaches what stands behind many jobs of a queue that is left out', async ({ store }) => {
    await store.insert([...someJobs(300, { queue: 'q' }), aJob({ id: 'last', queue: 'r' })])
    assert.deepEqual(await claimed(store, 9, { exceptQueues: ['q'] }), ['last'])
  })
})
