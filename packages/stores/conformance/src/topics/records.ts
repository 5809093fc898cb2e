import assert from 'node:assert/strict'
import type { ItemRecord, LogLine, Store } from '@longhaul/core/store'
import {
  aHeldJob,
  aJob,
  anEndedJob,
  assertBetween,
  everyPage,
  leaseMs,
  nowOf,
  upTo,
  wish,
  write,
} from '../builders.js'
import { topic } from '../topic.js'

export const recordPromises = topic('records', promise => {
  promise('keeps item records in the order they were written', async ({ store }) => {
    const held = await aHeldJob(store)
    const records = [
      anItem('b'),
      anItem('a', { outcome: 'skipped' }),
      anItem('c', { value: '{}', error: 'why' }),
    ]
    await write(store, held, {}, { items: records.slice(0, 2) })
    await write(store, held, {}, { seq: 2, items: records.slice(2) })
    assert.deepEqual(await itemsOf(store, held), records)
  })

  promise('lets the newest outcome of an item replace the older, in its place', async ({ store }) => {
    const held = await aHeldJob(store)
    await write(store, held, {}, { items: ['a', 'b', 'c'].map(key => anItem(key)) })
    const better = anItem('b', { outcome: 'completed', value: null, error: null })
    await write(store, held, {}, { seq: 2, items: [better] })
    assert.deepEqual(await itemsOf(store, held), [anItem('a'), better, anItem('c')])
  })

  promise('lets the last outcome win when an item comes twice in a write', async ({ store }) => {
    const held = await aHeldJob(store)
    await write(
      store,
      held,
      {},
      { items: [anItem('a', { error: '1' }), anItem('b'), anItem('a', { error: '2' })] },
    )
    assert.deepEqual(await itemsOf(store, held), [anItem('a', { error: '2' }), anItem('b')])
  })

  promise('keeps the items of two jobs apart', async ({ store }) => {
    const [one, two] = [await aHeldJob(store), await aHeldJob(store)]
    await write(store, one, {}, { items: [anItem('a', { error: 'one' })] })
    await write(store, two, {}, { items: [anItem('a', { error: 'two' })] })
    assert.deepEqual(await itemsOf(store, one), [anItem('a', { error: 'one' })])
    assert.deepEqual(await itemsOf(store, two), [anItem('a', { error: 'two' })])
  })

  promise("keeps log lines in order, each with the store's clock", async ({ store, advance }) => {
    const held = await aHeldJob(store)
    const lines = (['debug', 'info', 'warn', 'error'] as const).map(level => ({
      level,
      message: `a ${level}`,
    }))
    const before = await nowOf(store)
    await write(store, held, {}, { logs: lines.slice(0, 2) })
    await advance(5_000)
    await write(store, held, { state: 'completed' }, { seq: 2, logs: lines.slice(2) })

    const logs = await logsOf(store, held)
    assert.deepEqual(
      logs.map(({ level, message }) => ({ level, message })),
      lines,
    )
    for (const { at } of logs.slice(0, 2)) assertBetween(at, before, before + 4_000)
    for (const { at } of logs.slice(2)) assertBetween(at, before + 5_000, await nowOf(store))
  })

  promise('keeps equal log lines, each on its own', async ({ store }) => {
    const held = await aHeldJob(store)
    const line: LogLine = { level: 'info', message: 'same' }
    await write(store, held, {}, { logs: [line, line] })
    await write(store, held, {}, { seq: 2, logs: [line] })
    assert.equal((await logsOf(store, held)).length, 3)
  })

  promise('keeps records over crashes, retries and the end', async ({ store, advance }) => {
    const held = await aHeldJob(store)
    await write(store, held, {}, { items: [anItem('a')], logs: [{ level: 'info', message: '1' }] })
    await advance(leaseMs + 1)
    const [next] = await store.claim(upTo(1))
    assert.ok(next)
    await write(
      store,
      next,
      { state: 'failed' },
      { items: [anItem('b')], logs: [{ level: 'info', message: '2' }] },
    )
    await wish(store, 'retry', held.id)
    assert.deepEqual(
      (await itemsOf(store, held)).map(({ key }) => key),
      ['a', 'b'],
    )
    assert.deepEqual(
      (await logsOf(store, held)).map(({ message }) => message),
      ['1', '2'],
    )
  })

  promise('answers with nothing for a job without records, or without the job', async ({ store }) => {
    const nothing = { records: [], next: null }
    const { id } = await aHeldJob(store)
    for (const of of [id, 'nobody']) {
      assert.deepEqual(await store.records(of, 'items', { limit: 5 }), nothing)
      assert.deepEqual(await store.records(of, 'logs', { limit: 5 }), nothing)
    }
  })

  for (const kind of ['items', 'logs'] as const) {
    promise(`gives ${kind} in pages, each once and in order`, async ({ store }) => {
      const held = await aHeldJob(store)
      const names = Array.from({ length: 25 }, (_, index) => `${kind} ${index}`)
      const logs = names.map(message => ({ level: 'info' as const, message }))
      await write(store, held, {}, { items: names.map(key => anItem(key)), logs })
      for (const limit of [1, 7, 24, 25, 26]) {
        const pages = await everyPage<object>(after => pageOf(store, held.id, kind, { limit, ...after }))
        assert.deepEqual(
          pages.map(record => ('key' in record ? record.key : Reflect.get(record, 'message'))),
          names,
        )
      }
    })

    promise(`ends the pages of ${kind} with null, also when the last one is full`, async ({ store }) => {
      const held = await aHeldJob(store)
      const logs = ['1', '2'].map(message => ({ level: 'info' as const, message }))
      await write(store, held, {}, { items: [anItem('1'), anItem('2')], logs })
      const first = await pageOf(store, held.id, kind, { limit: 1 })
      assert.equal(typeof first.next, 'string')
      assert.equal((await pageOf(store, held.id, kind, { limit: 1, after: first.next ?? '' })).next, null)
      assert.equal((await pageOf(store, held.id, kind, { limit: 2 })).next, null)
    })
  }

  promise('finds an item on the page where it stood before it was replaced', async ({ store }) => {
    const held = await aHeldJob(store)
    await write(store, held, {}, { items: ['a', 'b', 'c'].map(key => anItem(key)) })
    const { next } = await store.records(held.id, 'items', { limit: 1 })
    await write(store, held, {}, { seq: 2, items: [anItem('a', { error: 'new' }), anItem('d')] })
    const rest = await store.records(held.id, 'items', { limit: 9, after: next ?? '' })
    assert.deepEqual(
      rest.records.map(({ key }) => key),
      ['b', 'c', 'd'],
    )
  })

  promise(
    'deletes the records with their job, and gives none to a new one of the same id',
    async ({ store, advance }) => {
      const held = await aHeldJob(store, { id: 'a' })
      await write(
        store,
        held,
        { state: 'completed' },
        { items: [anItem('a')], logs: [{ level: 'info', message: 'm' }] },
      )
      await anEndedJob(store)
      await advance(1_000)
      await store.prune({ states: ['completed'], olderThanMs: 1, limit: 10 })
      await store.insert([aJob({ id: 'a' })])
      assert.deepEqual(await itemsOf(store, held), [])
      assert.deepEqual(await logsOf(store, held), [])
    },
  )

  promise('takes a thousand items and lines in one write', async ({ store }) => {
    const held = await aHeldJob(store)
    const names = Array.from({ length: 1_000 }, (_, index) => `${index}`)
    const logs = names.map(message => ({ level: 'debug' as const, message }))
    await write(store, held, {}, { items: names.map(key => anItem(key)), logs })
    assert.deepEqual(
      (await itemsOf(store, held)).map(({ key }) => key),
      names,
    )
    assert.deepEqual(
      (await logsOf(store, held)).map(({ message }) => message),
      names,
    )
  })
})

function anItem(key: string, differences: Partial<ItemRecord> = {}): ItemRecord {
  return { key, outcome: 'failed', value: `the item ${key}`, error: 'no luck', ...differences }
}

function itemsOf(store: Store, { id }: { readonly id: string }) {
  return everyPage(after => store.records(id, 'items', { limit: 1_000, ...after }))
}

function logsOf(store: Store, { id }: { readonly id: string }) {
  return everyPage(after => store.records(id, 'logs', { limit: 1_000, ...after }))
}

function pageOf(store: Store, id: string, kind: 'items' | 'logs', page: { limit: number; after?: string }) {
  return kind === 'items' ? store.records(id, kind, page) : store.records(id, kind, page)
}
