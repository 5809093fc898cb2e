import assert from 'node:assert/strict'
import type { Store } from '@longhaul/core/store'
import fc from 'fast-check'
import { aHeldJob, aJob, assertHas, claimed, everyHead, idsOf, stored, wish, write } from '../builders.js'
import { topic } from '../topic.js'

/** Each has damaged or broken some queue. */
const strings: Readonly<Record<string, string>> = {
  'the empty string': '',
  'an integer above 2^53': '9007199254740993',
  'an empty array': '[]',
  'an empty object': '{}',
  'a number with a zero behind the point': '1.0',
  'a number that is too large': '1e400',
  'a JSON string': '"text"',
  'null as text': 'null',
  'JSON with doubled keys and spaces': '{ "b": 1, "a": 2,  "b": 3 }',
  'JSON with __proto__': '{"__proto__":{"polluted":true}}',
  'a NUL': 'before\u0000after',
  'nothing but a NUL': '\u0000',
  'a leading lone surrogate': '\ud800 after',
  'a trailing lone surrogate': 'before \udfff',
  'surrogates the wrong way round': '\ude00\ud83d',
  'control characters': '\u0001\u0002\u001f\u007f',
  'what looks like an escaped string': '\u0001"\\u0000"',
  emoji: '👩‍👩‍👧‍👦 🏳️‍🌈',
  'right-to-left text': 'שלום \u202eعالم',
  'accents that are not composed': 'e\u0301 and \u00e9',
  'quotes of SQL': `'; drop table jobs; -- " \` $1 :a ?`,
  wildcards: '%_*[a-z]\\',
  'white space around it': ' \t\r\n x \n',
  'a byte order mark': '\ufeffx',
  'line separators': '\u2028\u2029\u0085',
}

export const stringPromises = topic('strings', promise => {
  for (const [what, text] of Object.entries(strings)) {
    promise(`keeps ${what} in every field, unit for unit`, ({ store }) => keepsInEveryField(store, text))
    promise(`finds and tells apart names that are ${what}`, ({ store }) => findsByName(store, text))
  }

  promise('keeps a megabyte', async ({ store }) => {
    const text = `${'x'.repeat(1_000_000)}\u0000`
    const held = await aHeldJob(store, { input: text })
    assert.ok(held.input === text, 'input is the same')
    const { job } = await write(store, held, { output: text, state: 'completed' })
    assert.ok(job?.output === text, 'output is the same')
  })

  promise('keeps and finds names as long as any may be, in characters of three bytes', async ({ store }) => {
    const job = aJob({ ...longest('a'), processor: longText('p', 200), laneLimit: 1_000_000 })
    await store.insert([job, { ...job, id: 'other', tenant: longText('b', 500) }])
    const { key, lane, tenant, queue, correlationId, group, processor } = await stored(store, job)
    assert.deepEqual({ ...job, key, lane, tenant, queue, correlationId, group, processor }, job)
    assert.deepEqual(idsOf(await store.insert([{ ...job, id: 'again' }])), [job.id])
    for (const filter of [
      { tenant: job.tenant ?? '', key: job.key ?? '' },
      { ids: [job.id], tag: job.tags[0] ?? '' },
    ])
      assert.deepEqual(idsOf(await everyHead(store, filter)), [job.id])
    const queues = [job.queue]
    assert.equal((await claimed(store, 9, { processors: [job.processor], queues })).length, 2)
  })

  promise('keeps many tags, also equal ones, in their order', async ({ store }) => {
    const tags = [
      ...Object.values(strings),
      'same',
      'same',
      ...Array.from({ length: 50 }, (_, index) => `${index}`),
    ]
    const job = aJob({ tags })
    await store.insert([job])
    assert.deepEqual((await stored(store, job)).tags, tags)
  })

  promise('keeps any string at all', async ({ store }) => {
    let runs = 0
    const kept = fc.asyncProperty(fc.string({ unit: anyUnit, maxLength: 40 }), async text => {
      const job = aJob({ input: text, tags: [text], processor: `run ${++runs}` })
      await store.insert([job])
      assertHas(await stored(store, job), { input: text, tags: [text] })
      const { version } = await store.cell('c')
      assertHas(await store.swap('c', { id: job.id, version, value: text }), { value: text })
      assertHas(await store.cell('c'), { value: text })
    })
    await fc.assert(kept, { numRuns: 200 })
  })
})

/** No two characters of it are the same, so that nothing can pack it. */
function longText(start: string, length: number): string {
  const places = Array.from({ length: length - 1 }, (_, index) => 0x4e00 + ((index * 7_919) % 20_000))
  return start + String.fromCharCode(...places)
}

function longest(start: string) {
  const text = longText(start, 500)
  const named = { key: text, lane: text, tenant: text, queue: text }
  return { ...named, correlationId: text, group: text, tags: [text] }
}

/** Any UTF-16 code unit, lone surrogates and NUL among them. */
const anyUnit = fc
  .oneof(
    fc.integer({ min: 0, max: 0xffff }),
    fc.constantFrom(0, 1, 0x22, 0x27, 0x5c, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xfffe, 0xffff),
  )
  .map(unit => String.fromCharCode(unit))

async function keepsInEveryField(store: Store, text: string) {
  const names = {
    id: `id${text}`,
    processor: text,
    queue: text,
    key: text,
    lane: text,
    tenant: text,
    correlationId: text,
  }
  const job = aJob({ ...names, input: text, tags: [text, `${text}2`] })
  const { delayMs: _, ...spec } = job
  await store.insert([job])
  const [held] = await store.claim({
    claimId: `claim${text}`,
    processors: [text],
    queues: [text],
    limit: 1,
    leaseMs: 60_000,
  })
  assertHas(held, spec)
  assert.ok(held)

  const work = { cursor: text, output: text, error: text, memo: text }
  const items = [{ key: text, outcome: 'failed', value: text, error: text }] as const
  const follow = [aJob({ id: `next${text}`, input: text })]
  await write(store, held, work, { items, logs: [{ level: 'info', message: text }], follow })
  assertHas(await stored(store, held), { ...spec, ...work })
  assertHas(await stored(store, { id: `next${text}` }), { input: text })
  assert.deepEqual((await store.records(held.id, 'items', { limit: 9 })).records, items)
  assert.equal((await store.records(held.id, 'logs', { limit: 9 })).records[0]?.message, text)
  await keepsInCell(store, text)
}

async function keepsInCell(store: Store, text: string) {
  const change = { id: text, version: 0, value: text }
  for (let repeat = 0; repeat < 2; repeat++)
    assertHas(await store.swap(text, change), { value: text, version: 1 })
  assertHas(await store.cell(text), { value: text, version: 1 })
}

async function findsByName(store: Store, text: string) {
  const named = { queue: text, key: text, lane: text, tenant: text, correlationId: text, tags: [text] }
  await store.insert([aJob({ id: text, ...named }), aJob({ id: `${text}!` })])
  const filters = [
    { ids: [text] },
    { queues: [text] },
    { key: text },
    { lane: text },
    { tenant: text },
    { correlationId: text },
    { tag: text },
  ]
  for (const filter of filters) assert.deepEqual(idsOf(await everyHead(store, filter)), [text])
  assert.deepEqual(idsOf(await store.insert([aJob({ key: text, tenant: text })])), [text])
  assert.equal(await wish(store, 'cancel', text), 1)
  assert.deepEqual(await claimed(store, 9), [`${text}!`])
}
