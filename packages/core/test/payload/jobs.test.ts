import { expect, test } from 'vitest'
import { z } from 'zod'
import { chain, compression, encryption } from '../../src/codecs/index.js'
import {
  type Codec,
  createRunner,
  defineProcessor,
  memoryStore,
  OptionsError,
  Skip,
  TooLargeError,
} from '../../src/index.js'
import type { Store } from '../../src/store/index.js'
import { fakeClock, interruptAt, runToEnd } from '../../src/testing/index.js'
import { setup } from '../setup.js'

const keys = { old: Buffer.alloc(32, 1), new: Buffer.alloc(32, 2) }
const encrypted = encryption({ keys, use: 'new' })
const echo = defineProcessor({
  name: 'echo',
  input: z.unknown(),
  retry: { backoff: { type: 'fixed', delayMs: 10 } },
  run: ({ input }) => input,
})

/** All that a store was given, as text. */
function spyOn(store: Store) {
  const given: string[] = []
  const spied = new Proxy(store, {
    get(target, name) {
      const member = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => {
        given.push(JSON.stringify(args))
        return member.apply(target, args)
      }
    },
  })
  return { spied, given }
}

/** A walk that puts its word into everything that it may write, follow-up jobs too. */
function leaky(word: string) {
  const child = defineProcessor({ name: 'child', input: z.object({ word: z.string() }), run: () => {} })
  const parent = defineProcessor({
    name: 'parent',
    input: z.object({ word: z.string() }),
    items: ({ cursor }) =>
      cursor === null
        ? { items: [1, 2, 3].map(id => [id, { id, word }] as const), next: `behind-${word}` }
        : { items: [], next: null },
    each: async ({ id }, { count, log, enqueue, input, once }) => {
      count(`seen-${word}`)
      await once('effect', () => `did ${word}`)
      log.info(`at ${word}`)
      if (id === 1) throw new Error(`boom ${word}`)
      if (id === 2) throw new Skip(`no ${word}`)
      await enqueue(child, input)
    },
    finish: ({ attempt }) => {
      if (attempt === 1) throw new Error(`not yet ${word}`)
      return { word }
    },
    retry: { backoff: { type: 'fixed', delayMs: 10 } },
    onItemError: { tolerate: { count: 1 } },
  })
  return [parent, child] as const
}

test('nothing that a job carries for its user reaches the store readable, and all of it is shown', async () => {
  const clock = fakeClock()
  const { spied, given } = spyOn(memoryStore({ clock }))
  const processors = leaky('word')
  const { runner } = setup(processors, { store: spied, clock, codec: encrypted })
  const { id } = await runner.enqueue('parent', { word: 'word' })

  await runToEnd(runner, clock)

  expect(given.filter(text => text.includes('word'))).toEqual([])
  expect(await runner.get(id)).toMatchObject({
    state: 'completed_with_errors',
    input: { word: 'word' },
    output: { word: 'word' },
    counters: { 'seen-word': 1 },
    errors: { last: { message: 'not yet word' } },
    unreadable: null,
  })
  expect((await runner.items(id)).records).toMatchObject([
    { key: '1', item: { id: 1, word: 'word' }, reason: 'boom word' },
    { key: '2', reason: 'no word' },
  ])
  expect((await runner.logs(id)).records).toMatchObject([{ message: 'at word' }, {}, {}])
  const [follower] = (await runner.list({ processors: ['child'] })).jobs
  expect(await runner.get(follower?.id ?? '')).toMatchObject({ state: 'completed', input: { word: 'word' } })
})

test('failed items are tried again under a codec', async () => {
  const processors = leaky('word')
  const { runner, clock } = setup(processors, { codec: encrypted })
  const { id } = await runner.enqueue('parent', { word: 'word' })
  await runToEnd(runner, clock)

  await runner.retry(id, { only: 'failed' })
  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({
    state: 'completed_with_errors',
    progress: { done: 3, failed: 1 },
  })
})

test('jobs stored before the codec are worked after it, and an interrupted one goes on at its cursor', async () => {
  const worked: number[] = []
  const walk = defineProcessor({
    name: 'walk',
    input: z.null(),
    items: ({ cursor }) => [1, 2, 3, 4].filter(id => id > (cursor ?? 0)).map(id => [id, id]),
    each: (id, { count }) => {
      worked.push(id)
      count('worked')
    },
  })
  const { runner, store, clock } = setup([walk])
  const { id } = await runner.enqueue(walk, null)
  await interruptAt(runner, clock, 2)
  const { runner: later } = setup([walk], { store, clock, codec: encrypted })

  await runToEnd(later, clock)

  expect(worked).toEqual([1, 2, 3, 4])
  expect(await later.get(id)).toMatchObject({ state: 'completed', counters: { worked: 4 } })
})

test('after a rotation, jobs of the old key are worked', async () => {
  const { runner, store, clock } = setup([echo], {
    codec: encryption({ keys: { old: keys.old }, use: 'old' }),
  })
  const { id } = await runner.enqueue(echo, { a: 1 })
  const { runner: later } = setup([echo], { store, clock, codec: encrypted })

  await runToEnd(later, clock)

  expect(await later.get(id)).toMatchObject({ state: 'completed', input: { a: 1 }, output: { a: 1 } })
})

/** A job that was interrupted on its way, and a runner that can't read it. */
async function locked(codec: Codec | undefined) {
  const half = defineProcessor({
    name: 'half',
    input: z.string(),
    retry: { backoff: { type: 'fixed', delayMs: 10 } },
    items: ({ cursor }) => [1, 2, 3, 4].filter(id => id > (cursor ?? 0)).map(id => [id, id]),
    each: (_, { count }) => count('worked'),
    finish: ({ counters, input }) => ({ counters, input }),
  })
  const { runner, store, clock } = setup([half, echo], { codec: encrypted })
  const { id } = await runner.enqueue(half, 'word')
  await interruptAt(runner, clock, 2)
  const other = setup([half, echo], { store, clock, ...(codec ? { codec } : {}) })
  return { id, clock, runner, other: other.runner }
}

test.each([
  ['a key', encryption({ keys: { old: keys.old }, use: 'old' }), 'payload_key_missing'],
  ['a codec', undefined, 'payload_codec_missing'],
])('without %s a job fails visibly after its attempts, and stops no other', async (_, codec, code) => {
  const { id, clock, other } = await locked(codec)
  const neighbour = await other.enqueue(echo, 1)

  await runToEnd(other, clock)

  expect(await other.get(id)).toMatchObject({
    state: 'failed',
    attempts: 3,
    crashes: 0,
    errors: { last: { code } },
  })
  expect(await other.get(neighbour.id)).toMatchObject({ state: 'completed' })
})

test('once its key is back, the failed job goes on where it stood, with its counters', async () => {
  const { id, clock, runner, other } = await locked(encryption({ keys: { old: keys.old }, use: 'old' }))
  await runToEnd(other, clock)

  await runner.retry(id)
  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({
    state: 'completed',
    progress: { done: 4 },
    output: { counters: { worked: 4 }, input: 'word' },
  })
})

test('a job that can not be read is shown with what is missing, in lists too', async () => {
  const { id, other } = await locked(encryption({ keys: { old: keys.old }, use: 'old' }))
  const missing = (part: string) => ({
    part,
    code: 'payload_key_missing',
    message: expect.stringContaining('"new"'),
  })

  const shown = await other.get(id)
  expect(shown).toMatchObject({ state: 'waiting', input: undefined, counters: {}, progress: { done: 2 } })
  expect(shown?.unreadable).toEqual([missing('input'), missing('notes'), missing('cursor')])
  expect((await other.list()).jobs[0]?.unreadable).toEqual([missing('notes'), missing('cursor')])
})

test('what is no JSON any more stops no list, and fails its job', async () => {
  const { runner, store, clock } = setup([echo])
  const { job } = await runner.prepare(echo, 1)
  await store.insert([{ ...job, input: 'overwritten' }])

  expect(await runner.get(job.id)).toMatchObject({ unreadable: [{ part: 'input', code: 'payload_damaged' }] })
  await runToEnd(runner, clock)
  expect(await runner.get(job.id)).toMatchObject({
    state: 'failed',
    errors: { last: { code: 'payload_damaged' } },
  })
})

test('items and log lines that can not be read say so', async () => {
  const { runner, store, clock } = setup(leaky('word'), { codec: encrypted })
  const { id } = await runner.enqueue('parent', { word: 'word' })
  await runToEnd(runner, clock)

  for (const codec of [encryption({ keys: { old: keys.old } }), undefined]) {
    const { runner: other } = setup(leaky('word'), { store, clock, ...(codec ? { codec } : {}) })
    const [failed, skipped] = (await other.items(id)).records
    expect(failed).toMatchObject({ item: undefined, reason: expect.stringContaining("can't be read") })
    expect(skipped).toMatchObject({ reason: expect.stringContaining("can't be read") })
    expect((await other.logs(id)).records[0]?.message).toContain("can't be read")
    await expect(other.retry(id, { only: 'failed' })).rejects.toMatchObject({ name: 'PayloadError' })
  }
})

test('a text that was tampered with fails its job at once', async () => {
  const { runner, store, clock } = setup([echo], { codec: encrypted })
  const [job] = await store.insert([{ ...(await runner.prepare(echo, 'a')).job, id: 'moved' }])

  await runToEnd(runner, clock)

  expect(await runner.get(job?.id ?? '')).toMatchObject({
    state: 'failed',
    attempts: 1,
    errors: { last: { code: 'payload_damaged' } },
  })
})

test('what is measured is what is stored', async () => {
  const codec = chain(compression(), encrypted)
  const { runner, clock } = setup([echo], { codec })
  const repeated = 'long '.repeat(200_000)
  const noise = Array.from({ length: 60_000 }, (_, index) => (index * 2_654_435_761) % 4_294_967_296)

  const { id } = await runner.enqueue(echo, repeated)
  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({ output: repeated })
  const refused = runner.enqueue(echo, noise)
  await expect(refused).rejects.toThrow(TooLargeError)
  await expect(refused).rejects.toMatchObject({ what: 'input', limit: 262_144 })
})

test('the limit of inputs and outputs can be set', async () => {
  const { runner, clock } = setup([echo], { payloadLimit: 1_024 })
  const { id } = await runner.enqueue(echo, 'x'.repeat(1_022))
  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({ state: 'completed' })
  await expect(runner.enqueue(echo, 'x'.repeat(1_023))).rejects.toMatchObject({ size: 1_025, limit: 1_024 })
})

test('an output above its limit fails the job at once', async () => {
  const wordy = defineProcessor({ name: 'wordy', input: z.null(), run: () => 'x'.repeat(2_000) })
  const { runner, clock } = setup([wordy], { payloadLimit: 1_024, codec: encrypted })
  const { id } = await runner.enqueue(wordy, null)

  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({
    state: 'failed',
    attempts: 1,
    errors: { last: { code: 'too_large', message: expect.stringContaining('output') } },
  })
})

test.each([1_023, 16_777_217, 2_000.5, Number.NaN])('a payload limit of %d is refused', payloadLimit => {
  expect(() => setup([echo], { payloadLimit })).toThrow(OptionsError)
})

/** A codec that can't write what holds the word "poison". */
const delicate: Codec = {
  id: 'delicate',
  encode(bytes) {
    if (Buffer.from(bytes).includes('poison')) throw new Error('this one will not do')
    return bytes
  },
  decode: bytes => bytes,
}

test('an input that its codec refuses is refused at the door', async () => {
  const { runner } = setup([echo], { codec: delicate })

  await expect(runner.enqueue(echo, 'poison')).rejects.toThrow('this one will not do')
  expect((await runner.list()).jobs).toEqual([])
})

test('a job whose work its codec refuses is lost alone, and fails in the end', async () => {
  const bad = defineProcessor({
    name: 'bad',
    input: z.null(),
    run: async ({ checkpoint }) => checkpoint('poison'),
  })
  const { runner, clock } = setup([bad, echo], { codec: delicate })
  const lost: unknown[] = []
  runner.on('lost', (_, error) => lost.push(error))
  const { id } = await runner.enqueue(bad, null)
  const neighbours = await runner.enqueueMany(echo, [{ input: 1 }, { input: 2 }])

  await runToEnd(runner, clock)

  expect(lost).toHaveLength(3)
  expect(await runner.get(id)).toMatchObject({ state: 'failed', errors: { last: { code: 'crashed' } } })
  for (const neighbour of neighbours) {
    expect(await runner.get(neighbour.id)).toMatchObject({ state: 'completed', crashes: 0 })
  }
})

test('under a codec too, prepared jobs reach the store before insert returns', async () => {
  const { spied, given } = spyOn(memoryStore())
  const { runner } = setup([echo], { store: spied, codec: encrypted })
  const prepared = await runner.prepare(echo, 'a')
  const before = given.length

  const inserting = runner.insert([prepared])

  expect(given.length).toBe(before + 1)
  await inserting
})

test('a runner lets listeners of its store be heard under a codec', async () => {
  const store = memoryStore()
  const runner = createRunner({ store, codec: encrypted, processors: [echo] })
  await runner.start()
  const job = await createRunner({ store, codec: encrypted, processors: [echo] }).enqueue(echo, 7)

  expect(await runner.waitFor(job.id)).toBe(7)
  await runner.close()
})
