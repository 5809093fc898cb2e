import assert from 'node:assert/strict'
import {
  aJob,
  anUnreadableJob,
  assertBetween,
  assertHas,
  assertUnchanged,
  claimed,
  everyHead,
  idsOf,
  nowOf,
  someJobs,
  stored,
} from '../builders.js'
import { topic } from '../topic.js'

export const insertPromises = topic('insert', promise => {
  promise('answers with the stored jobs in the order they were given', async ({ store }) => {
    const jobs = [aJob({ id: 'b' }), aJob({ id: 'a' }), aJob({ id: 'c' })]
    const answer = await store.insert(jobs)
    assert.deepEqual(idsOf(answer), ['b', 'a', 'c'])
    assert.deepEqual(answer[1], await store.get('a'))
  })

  promise('stores all that the producer decided', async ({ store }) => {
    const { delayMs, ...spec } = aJob({
      queue: 'bulk',
      input: '{"n":1}',
      priority: -7,
      key: 'k',
      lane: 'l',
      laneLimit: 3,
      tenant: 't',
      correlationId: 'c',
      tags: ['one', 'two'],
    })
    await store.insert([{ ...spec, delayMs }])
    assertHas(await stored(store, spec), spec)
  })

  promise('starts a job as waiting, never claimed, with nothing done', async ({ store }) => {
    const [job] = await store.insert([aJob()])
    assertHas(job, { state: 'waiting', token: 0, wish: null, startedAt: null, endedAt: null })
    assertHas(job, { cursor: null, output: null, error: null, memo: null })
    assertHas(job, { attempts: 0, crashes: 0, interruptions: 0, throttles: 0 })
    assertHas(job, { progress: { done: 0, failed: 0, skipped: 0, total: null } })
  })

  promise("stamps a job with the store's clock, and makes it due after its delay", async ({ store }) => {
    const before = await nowOf(store)
    const [job] = await store.insert([aJob({ delayMs: 5_000 })])
    const after = await nowOf(store)
    assert.ok(job)
    assertBetween(job.createdAt, before, after)
    assertBetween(job.dueAt, before + 5_000, after + 5_000)
  })

  promise('lets an instant that a person named win over the delay', async ({ store, advance }) => {
    const runAt = (await nowOf(store)) + 60_000
    const [job] = await store.insert([aJob({ delayMs: 1, runAt })])
    assert.equal(job?.dueAt, runAt)
    await advance(50_000)
    assert.deepEqual(await claimed(store), [])
    await advance(11_000)
    assert.equal((await claimed(store)).length, 1)
  })

  promise('takes an instant in the past as due now', async ({ store }) => {
    const job = aJob({ runAt: 1 })
    await store.insert([job])
    assert.deepEqual(await claimed(store), [job.id])
  })

  promise('adds nothing when it is given nothing', async ({ store }) => {
    assert.deepEqual(await store.insert([]), [])
    assert.deepEqual(await everyHead(store), [])
  })

  promise('answers with the stored job where the id is known, and leaves it as it is', async ({ store }) => {
    const [first] = await store.insert([aJob({ id: 'a', input: 'old' })])
    await assertUnchanged(store, async () => {
      assert.deepEqual(await store.insert([aJob({ id: 'a', input: 'new', priority: 9 })]), [first])
    })
  })

  promise('makes one job of an id that comes twice in a call', async ({ store }) => {
    const [one, two] = await store.insert([
      aJob({ id: 'a', input: 'first' }),
      aJob({ id: 'a', input: 'second' }),
    ])
    assert.deepEqual(two, one)
    assertHas(await stored(store, { id: 'a' }), { input: 'first' })
    assert.equal((await everyHead(store)).length, 1)
  })

  promise('adds the new ones among known ones', async ({ store }) => {
    await store.insert([aJob({ id: 'a' })])
    const answer = await store.insert([aJob({ id: 'b' }), aJob({ id: 'a' }), aJob({ id: 'c' })])
    assert.deepEqual(idsOf(answer), ['b', 'a', 'c'])
    assert.equal((await everyHead(store)).length, 3)
  })

  promise('adds all jobs or none', async ({ store }) => {
    const jobs = someJobs(20)
    await assert.rejects(store.insert([...jobs.slice(0, 10), anUnreadableJob(), ...jobs.slice(10)]))
    assert.deepEqual(await everyHead(store), [])

    await store.insert(jobs)
    assert.equal((await everyHead(store)).length, 20)
  })

  promise('takes a thousand jobs in one call', async ({ store }) => {
    const answer = await store.insert(someJobs(1_000))
    assert.equal(answer.length, 1_000)
    assert.equal((await store.count({})).states.waiting, 1_000)
  })

  promise('leaves one job when the same one is inserted from many sides at once', async bench => {
    const stores = [bench.store, await bench.another()]
    const inserts = Array.from({ length: 8 }, (_, index) => aJob({ id: 'a', input: `${index}` }))
    const answers = await Promise.all(inserts.map((job, index) => stores[index % 2]!.insert([job])))
    const winner = await stored(bench.store, { id: 'a' })
    assert.deepEqual(
      answers,
      answers.map(() => [winner]),
    )
  })

  promise('shares no object with its caller', async ({ store }) => {
    const tags = ['kept']
    const job = aJob({ tags })
    const [answer] = await store.insert([job])
    tags[0] = 'changed'
    Reflect.set(answer?.tags ?? [], 0, 'changed')
    Reflect.set((await stored(store, job)).progress, 'done', 99)
    assertHas(await stored(store, job), { tags: ['kept'] })
    assertHas((await stored(store, job)).progress, { done: 0 })
  })
})
