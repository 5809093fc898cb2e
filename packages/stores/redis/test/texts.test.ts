import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aJob, aStore, noServer, upTo } from './support.js'

/** As jobs have them: none, short ones that stand in the row, and long ones that stand beside it. */
const values = [null, '', 'short', '\0', '"'.repeat(101), 'long '.repeat(200), '\ud800'.repeat(400), null]

describe.skipIf(noServer)('texts', () => {
  let subject: Awaited<ReturnType<typeof aStore>>
  beforeEach(async () => {
    subject = await aStore()
  })
  afterEach(() => subject.cleanup())

  test('of any length take the place of others, and come back as they were', async () => {
    const { store } = subject
    await store.insert([aJob({ id: 'a' }), aJob({ id: 'b' })])
    await store.claim(upTo(2))
    for (const [place, text] of values.entries()) {
      const texts = {
        cursor: text,
        error: values[place + 1] ?? null,
        memo: text,
        output: values[place + 2] ?? null,
      }
      const write = { token: 1, seq: place + 1, patch: texts }
      expect(await store.commit([{ id: 'a', ...write }])).toMatchObject([{ accepted: true }])
      expect(await store.get('a')).toMatchObject(texts)
      const { cursor, error, memo } = texts
      const { jobs } = await store.list({}, { limit: 2 })
      expect(jobs).toMatchObject([
        { id: 'b', cursor: null },
        { id: 'a', cursor, error, memo },
      ])
    }
  })

  test('of any length can be an input, also of several jobs at once', async () => {
    const { store } = subject
    const inputs = values.filter(value => value !== null)
    const inserted = await store.insert(inputs.map((input, place) => aJob({ id: `${place}`, input })))
    expect(inserted.map(({ input }) => input)).toEqual(inputs)
    expect(await store.insert([aJob({ id: '5', input: 'another' })])).toMatchObject([{ input: inputs[5] }])
    expect((await store.claim(upTo(9))).map(({ input }) => input)).toEqual(inputs)
  })

  test.each(values)('%j is the output that a job ends with', async output => {
    const { store } = subject
    await store.insert([aJob({ id: 'a' })])
    await store.claim(upTo(1))
    const write = { id: 'a', token: 1, seq: 1, patch: { state: 'completed', output } } as const
    const [answer] = await store.commit([write])
    const stored = await store.get('a')
    expect(stored).toMatchObject({ state: 'completed', output })
    expect(answer).toEqual({
      accepted: true,
      job: { state: 'completed', token: 1, wish: null, dueAt: stored?.dueAt, endedAt: stored?.endedAt },
    })
    expect(await store.commit([write])).toEqual([answer])
  })

  test('that are long go with their jobs', async () => {
    const { client, key, store, advance } = subject
    const long = 'x'.repeat(5_000)
    await store.insert([aJob({ id: 'a', input: long })])
    await store.claim(upTo(1))
    const patch = { state: 'failed', cursor: long, error: long, memo: long, output: long } as const
    await store.commit([{ id: 'a', token: 1, seq: 1, patch }])
    expect(await client.hlen(key('texts'))).toBe(5)
    await advance(1_000)
    expect(await store.prune({ states: ['failed'], olderThanMs: 1, limit: 1 })).toBe(1)
    expect(await client.exists(key('texts'))).toBe(0)
  })
})
