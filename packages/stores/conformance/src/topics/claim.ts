import assert from 'node:assert/strict'
import {
  aHeldJob,
  aJob,
  anEndedJob,
  assertBetween,
  assertHas,
  claimed,
  idsOf,
  leaseMs,
  nowOf,
  someJobs,
  stored,
  upTo,
  wish,
  write,
} from '../builders.js'
import { topic } from '../topic.js'

export const claimPromises = topic('claim', promise => {
  promise('gives a due job out as running, with a token and a lease', async ({ store }) => {
    await store.insert([aJob({ id: 'a', input: 'in' })])
    const before = await nowOf(store)
    const [job] = await store.claim(upTo(1, { leaseMs: 5_000 }))
    const after = await nowOf(store)

    assert.ok(job)
    assertHas(job, { id: 'a', input: 'in', state: 'running', token: 1, crashes: 0, wish: null })
    assertBetween(job.dueAt, before + 5_000, after + 5_000)
    assertBetween(job.startedAt ?? 0, before, after)
    assert.deepEqual(job, await store.get('a'))
  })

  promise('gives nothing where nothing is due', async ({ store }) => {
    assert.deepEqual(await claimed(store, 10), [])
    await store.insert([aJob({ delayMs: 60_000 })])
    assert.deepEqual(await claimed(store, 10), [])
  })

  promise('gives out no more than the limit, and changes no more', async ({ store }) => {
    await store.insert(someJobs(200))
    assert.equal((await claimed(store, 5)).length, 5)
    assertHas((await store.count({})).states, { running: 5, waiting: 195 })
  })

  promise('gives all there is when the limit is larger', async ({ store }) => {
    await store.insert(someJobs(3))
    assert.equal((await claimed(store, 100)).length, 3)
  })

  promise('gives each job to one claim only', async ({ store }) => {
    await store.insert(someJobs(4))
    const both = [...(await claimed(store, 2)), ...(await claimed(store, 2))]
    assert.deepEqual(both.sort(), ['1', '2', '3', '4'])
    assert.deepEqual(await claimed(store, 2), [])
  })

  promise('gives jobs of the processors that were asked for', async ({ store }) => {
    await store.insert(['work', 'other', 'third'].map(processor => aJob({ id: processor, processor })))
    assert.deepEqual((await claimed(store, 9, { processors: ['other', 'third'] })).sort(), ['other', 'third'])
    assert.deepEqual(await claimed(store, 9, { processors: [] }), [])
    assert.deepEqual(await claimed(store, 9), ['work'])
  })

  promise('gives jobs of the queues that were asked for, or of all', async ({ store }) => {
    await store.insert(['a', 'b', 'c', 'd'].map(queue => aJob({ id: queue, queue })))
    assert.deepEqual(await claimed(store, 9, { queues: ['b'] }), ['b'])
    assert.deepEqual(await claimed(store, 9, { queues: [] }), [])
    assert.deepEqual((await claimed(store, 9, { queues: ['a', 'c', 'x'] })).sort(), ['a', 'c'])
    assert.deepEqual(await claimed(store, 9), ['d'])
  })

  promise('gives a delayed job out once its delay is over', async ({ store, advance }) => {
    await store.insert([aJob({ delayMs: 60_000 })])
    await advance(50_000)
    assert.deepEqual(await claimed(store), [])
    await advance(11_000)
    assert.equal((await claimed(store)).length, 1)
  })

  promise('gives out nothing that has ended or is paused', async ({ store, advance }) => {
    for (const state of ['completed', 'completed_with_errors', 'failed', 'cancelled'] as const)
      await anEndedJob(store, state)
    await store.insert([aJob({ id: 'paused' })])
    await wish(store, 'pause', 'paused')
    await advance(10 * leaseMs)
    assert.deepEqual(await claimed(store, 10), [])
  })

  promise(
    'lets the token grow by one at each claim, however the job came back',
    async ({ store, advance }) => {
      const first = await aHeldJob(store)
      await write(store, first, { state: 'waiting' })
      const [second] = await store.claim(upTo(1))
      await advance(leaseMs + 1)
      const [third] = await store.claim(upTo(1))
      assert.ok(third)
      await write(store, third, { state: 'failed' })
      await wish(store, 'retry', third.id)
      const [fourth] = await store.claim(upTo(1))
      assert.deepEqual([first.token, second?.token, third.token, fourth?.token], [1, 2, 3, 4])
    },
  )

  promise('keeps the instant of the first claim', async ({ store, advance }) => {
    const held = await aHeldJob(store)
    await write(store, held, { state: 'waiting' })
    await advance(5_000)
    await claimed(store)
    assertHas(await stored(store, held), { startedAt: held.startedAt, token: 2 })
  })

  promise('gives the same jobs again to the same claim', async ({ store, advance }) => {
    await store.insert(someJobs(5))
    const request = upTo(2)
    const given = await store.claim(request)
    await advance(1_000)
    const again = await store.claim(request)
    assert.deepEqual(byId(again), byId(given))
    assertHas((await store.count({})).states, { running: 2, waiting: 3 })
  })

  promise('gives the same claim again only what is still held', async ({ store }) => {
    await store.insert(someJobs(4))
    const request = upTo(2)
    const [first, second] = await store.claim(request)
    assert.ok(first && second)
    await write(store, first, { state: 'completed' })
    assert.deepEqual(idsOf(await store.claim(request)), [second.id])
  })

  promise('takes anew for the same claim when nothing of it is held any more', async ({ store, advance }) => {
    await store.insert([aJob()])
    const request = upTo(1)
    await store.claim(request)
    await advance(leaseMs + 1)
    assertHas((await store.claim(request))[0], { token: 2, crashes: 1 })
  })

  promise('gives the same claim nothing that another one has taken over', async ({ store, advance }) => {
    await store.insert([aJob()])
    const request = upTo(1)
    await store.claim(request)
    await advance(leaseMs + 1)
    assert.equal((await claimed(store)).length, 1)
    assert.deepEqual(await store.claim(request), [])
  })

  promise('shows a repeated claim what the job has become since', async ({ store }) => {
    await store.insert([aJob()])
    const request = upTo(1)
    const [job] = await store.claim(request)
    assert.ok(job)
    await write(store, job, { cursor: 'c1' })
    assertHas((await store.claim(request))[0], { cursor: 'c1', token: 1 })
  })

  promise('hands each of 2,000 jobs to one of 8 claimers, once', async bench => {
    await bench.store.insert(someJobs(1_000))
    await bench.store.insert(Array.from({ length: 1_000 }, () => aJob()))
    const stores = [bench.store, await bench.another()]
    const drains = Array.from({ length: 8 }, (_, index) => drain(stores[index % 2]!))
    const given = (await Promise.all(drains)).flat()

    assert.equal(given.length, 2_000)
    assert.equal(new Set(idsOf(given)).size, 2_000)
    assert.ok(given.every(({ token }) => token === 1))
  })
})

type Store = Parameters<typeof claimed>[0]

async function drain(store: Store) {
  const all = []
  for (let taken = await store.claim(upTo(50)); taken.length > 0; taken = await store.claim(upTo(50)))
    all.push(...taken)
  return all
}

function byId<Item extends { readonly id: string }>(items: readonly Item[]) {
  return [...items].sort((a, b) => (a.id < b.id ? -1 : 1))
}
