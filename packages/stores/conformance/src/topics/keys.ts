import assert from 'node:assert/strict'
import { aHeldJob, aJob, anEndedJob, assertUnchanged, everyHead, idsOf, write } from '../builders.js'
import { topic } from '../topic.js'

const pruneAll = { states: ['completed'], olderThanMs: 1, limit: 100 } as const

export const keyPromises = topic('keys', promise => {
  promise('answers with the stored job where the key is known, and leaves it as it is', async ({ store }) => {
    const [first] = await store.insert([aJob({ key: 'k' })])
    await assertUnchanged(store, async () => {
      assert.deepEqual(await store.insert([aJob({ key: 'k', input: 'other' })]), [first])
    })
  })

  promise('makes one job of a key that comes twice in a call', async ({ store }) => {
    const answer = await store.insert([aJob({ id: 'a', key: 'k' }), aJob({ id: 'b', key: 'k' })])
    assert.deepEqual(idsOf(answer), ['a', 'a'])
    assert.equal(await store.get('b'), undefined)
  })

  promise('keeps the keys of two processors apart', async ({ store }) => {
    await store.insert([aJob({ key: 'k' }), aJob({ key: 'k', processor: 'other' })])
    assert.equal((await everyHead(store)).length, 2)
  })

  promise('keeps the keys of two tenants apart, and of those who have none', async ({ store }) => {
    const tenants = ['one', 'two', '', null, 'null']
    await store.insert(tenants.map(tenant => aJob({ key: 'k', tenant })))
    await store.insert(tenants.map(tenant => aJob({ key: 'k', tenant })))
    assert.equal((await everyHead(store)).length, tenants.length)
  })

  promise('never mistakes the end of one name for the start of the next', async ({ store }) => {
    const names = [
      { processor: 'a', tenant: 'bc', key: 'd' },
      { processor: 'ab', tenant: 'c', key: 'd' },
      { processor: 'a:bc', tenant: null, key: 'd' },
      { processor: 'a', tenant: 'b', key: 'cd' },
      { processor: 'a', tenant: 'b","c', key: 'd' },
    ]
    await store.insert(names.map(name => aJob(name)))
    assert.equal((await everyHead(store)).length, names.length)
  })

  promise('lets jobs without a key never meet, and takes the empty key as a key', async ({ store }) => {
    await store.insert([aJob(), aJob(), aJob({ key: '' }), aJob({ key: '' })])
    assert.equal((await everyHead(store)).length, 3)
  })

  promise('keeps a key taken while its job runs', async ({ store }) => {
    const held = await aHeldJob(store, { key: 'k' })
    assert.deepEqual(idsOf(await store.insert([aJob({ key: 'k' })])), [held.id])
  })

  promise('keeps a key taken after the end of its job, until that is pruned', async ({ store, advance }) => {
    const ended = await anEndedJob(store, 'completed', { key: 'k' })
    assert.deepEqual(idsOf(await store.insert([aJob({ key: 'k' })])), [ended.id])

    await advance(1_000)
    assert.equal(await store.prune(pruneAll), 1)
    assert.deepEqual(idsOf(await store.insert([aJob({ id: 'new', key: 'k' })])), ['new'])
  })

  promise('lets the id decide where id and key are known for two jobs', async ({ store }) => {
    await store.insert([aJob({ id: 'a' }), aJob({ id: 'b', key: 'k' })])
    assert.deepEqual(idsOf(await store.insert([aJob({ id: 'a', key: 'k' })])), ['a'])
  })

  promise('adds no follow-up job whose key is known', async ({ store }) => {
    await store.insert([aJob({ key: 'k', delayMs: 1_000 })])
    const held = await aHeldJob(store)
    const { accepted } = await write(store, held, {}, { follow: [aJob({ key: 'k' })] })
    assert.equal(accepted, true)
    assert.equal((await everyHead(store)).length, 2)
  })

  promise('leaves one job when a key is inserted from many sides at once', async bench => {
    const stores = [bench.store, await bench.another()]
    const jobs = Array.from({ length: 8 }, () => aJob({ key: 'k' }))
    const answers = await Promise.all(jobs.map((job, index) => stores[index % 2]!.insert([job])))
    assert.equal(new Set(answers.flatMap(idsOf)).size, 1)
    assert.equal((await everyHead(bench.store)).length, 1)
  })
})
