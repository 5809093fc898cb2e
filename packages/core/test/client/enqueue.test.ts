import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  defineProcessor,
  EncodingError,
  type EnqueueOptions,
  InputError,
  OptionsError,
  TooLargeError,
  UnknownProcessorError,
} from '../../src/index.js'
import { runToEnd } from '../../src/testing/index.js'
import { setup } from '../setup.js'

const greet = defineProcessor({
  name: 'greet',
  input: z.object({ name: z.string(), extra: z.unknown().optional() }),
  run: ({ input }) => `Hello, ${input.name}!`,
})

test('an enqueued job can be looked at right away', async () => {
  const { runner } = setup([greet])
  const job = await runner.enqueue(
    greet,
    { name: 'Ada' },
    { tenant: 't', correlationId: 'c', tags: ['a', 'b'], priority: 'high' },
  )

  expect(job).toMatchObject({
    created: true,
    state: 'waiting',
    input: { name: 'Ada' },
    output: undefined,
    tenant: 't',
    correlationId: 'c',
    tags: ['a', 'b'],
    priority: 10,
    queue: 'default',
    createdAt: '2026-01-01T00:00:00.000Z',
  })
  const { created: _, ...shown } = job
  expect(await runner.get(job.id)).toEqual(shown)
})

test('a processor can be named in place of being passed', async () => {
  const { runner, clock } = setup([greet])
  const { id } = await runner.enqueue('greet', { name: 'Ada' })

  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({ output: 'Hello, Ada!' })
})

test('the same key leads to the same job, also when it has ended, and stores nothing', async () => {
  const { runner, clock } = setup([greet])
  const first = await runner.enqueue(greet, { name: 'Ada' }, { key: 'k' })
  expect(await runner.enqueue(greet, { name: 'Bob' }, { key: 'k' })).toMatchObject({
    id: first.id,
    created: false,
  })
  await runToEnd(runner, clock)

  const again = await runner.enqueue(greet, { name: 'Cyd' }, { key: 'k' })

  expect(again).toMatchObject({ id: first.id, created: false, state: 'completed', input: { name: 'Ada' } })
  expect((await runner.stats()).states.completed).toBe(1)
})

test('the same key of another tenant is another job', async () => {
  const { runner } = setup([greet])
  await runner.enqueue(greet, { name: 'Ada' }, { key: 'k', tenant: 'one' })

  expect(await runner.enqueue(greet, { name: 'Ada' }, { key: 'k', tenant: 'two' })).toMatchObject({
    created: true,
  })
})

test('an input that does not fit is refused at the door, with the place', async () => {
  const { runner } = setup([greet])

  const refused = runner.enqueue(greet, { name: 7 } as never)
  await expect(refused).rejects.toThrow(InputError)
  await expect(refused).rejects.toMatchObject({ code: 'invalid_input', issues: [{ path: ['name'] }] })
  expect((await runner.list()).jobs).toEqual([])
})

test.each([
  ['a Date', { at: new Date(0) }, '$.extra.at'],
  ['a bigint', [1n], '$.extra[0]'],
  ['NaN', { deep: [{ x: Number.NaN }] }, '$.extra.deep[0].x'],
  ['undefined in a list', [undefined], '$.extra[0]'],
  ['a Map', new Map(), '$.extra'],
  ['__proto__', JSON.parse('{"__proto__": 1}'), '$.extra'],
])('an input that JSON would change is refused, with the path: %s', async (_, extra, path) => {
  const { runner } = setup([greet])

  const refused = runner.enqueue(greet, { name: 'Ada', extra })
  await expect(refused).rejects.toThrow(EncodingError)
  await expect(refused).rejects.toMatchObject({ path })
})

test('a cycle in an input is refused', async () => {
  const extra: Record<string, unknown> = {}
  extra.self = extra
  const { runner } = setup([greet])

  await expect(runner.enqueue(greet, { name: 'Ada', extra })).rejects.toMatchObject({ path: '$.extra.self' })
})

test('an input above its limit is refused, with its size', async () => {
  const { runner } = setup([greet])

  const refused = runner.enqueue(greet, { name: 'x'.repeat(262_144) })
  await expect(refused).rejects.toThrow(TooLargeError)
  await expect(refused).rejects.toMatchObject({ what: 'input', limit: 262_144 })
})

test.each<[EnqueueOptions, string]>([
  [{ delayMs: -1 }, 'delayMs'],
  [{ delayMs: Number.NaN }, 'delayMs'],
  [{ delayMs: Number.POSITIVE_INFINITY }, 'delayMs'],
  [{ delayMs: 1e16 }, 'delayMs'],
  [{ delayMs: 1e300 }, 'delayMs'],
  [{ delayMs: '5' as never }, 'delayMs'],
  [{ priority: 1.5 }, 'priority'],
  [{ priority: 'urgent' as never }, 'priority'],
  [{ runAt: 'soon' }, 'runAt'],
  [{ runAt: '2026-01-01T00:00:00' }, 'runAt'],
  [{ runAt: new Date(Number.NaN) }, 'runAt'],
  [{ runAt: new Date(-1) }, 'runAt'],
  [{ runAt: '-000753-04-21T00:00:00Z' }, 'runAt'],
  [{ runAt: '+010000-01-01T00:00:00Z' }, 'runAt'],
  [{ deadlineMs: 1e300 }, 'deadlineMs'],
  [{ deadlineMs: Number.NaN }, 'deadlineMs'],
  [{ deadlineMs: 500, delayMs: 500 }, 'deadlineMs'],
  [{ key: '' }, 'key'],
  [{ lane: { key: 'a', limit: 0 } }, 'lane.limit'],
  [{ lane: { key: 'a', limit: 1_000_001 } }, 'lane.limit'],
  [{ lane: '' }, 'lane'],
  [{ lane: 'x'.repeat(501) }, 'lane'],
  [{ lane: { key: 'a', limit: 1e300 } }, 'lane.limit'],
  [{ tags: Array.from({ length: 21 }, () => 'tag') }, 'tags'],
  [{ token: 7 } as never, 'token'],
])('a bad option is refused by its name: %j', async (options, option) => {
  const { runner } = setup([greet])

  const refused = runner.enqueue(greet, { name: 'Ada' }, options)
  await expect(refused).rejects.toThrow(OptionsError)
  await expect(refused).rejects.toMatchObject({ option })
  expect((await runner.list()).jobs).toEqual([])
})

test.each(['', 'x'.repeat(501)])('a processor is refused whose queue is no name: %j', queue => {
  const define = () => defineProcessor({ name: 'sync', queue, input: z.null(), run: () => 'done' })
  expect(define).toThrow(expect.objectContaining({ option: 'queue' }))
})

test('an unknown processor is an error that lists the known ones', async () => {
  const { runner } = setup([greet])

  const refused = runner.enqueue('great' as never, { name: 'Ada' } as never)
  await expect(refused).rejects.toThrow(UnknownProcessorError)
  await expect(refused).rejects.toThrow('It knows: greet.')
})

test('many jobs are stored in order, or none of them', async () => {
  const { runner } = setup([greet])
  const inputs = ['Ada', 'Bob', 'Cyd'].map(name => ({ input: { name } }))
  await expect(runner.enqueueMany(greet, [...inputs, { input: { name: 7 as never } }])).rejects.toThrow(
    InputError,
  )
  expect((await runner.list()).jobs).toEqual([])

  const jobs = await runner.enqueueMany(greet, inputs)

  const stored = await Promise.all(jobs.map(({ id }) => runner.get(id)))
  expect(stored.map(job => ({ input: job?.input }))).toEqual(inputs)
  expect(await runner.enqueueMany(greet, [])).toEqual([])
})

test('two jobs of one call with one key are refused', async () => {
  const { runner } = setup([greet])
  const twice = [
    { input: { name: 'Ada' }, key: 'k' },
    { input: { name: 'Bob' }, key: 'k' },
  ]

  await expect(runner.enqueueMany(greet, twice)).rejects.toThrow('"k" stands on two jobs of one call')
})

test('jobs are handed out by priority, and among equals in their order', async () => {
  const order: string[] = []
  const noting = defineProcessor({
    name: 'noting',
    input: z.string(),
    run: ({ input }) => void order.push(input),
  })
  const { runner, clock } = setup([noting], { concurrency: 1 })
  await runner.enqueue(noting, 'first')
  await runner.enqueue(noting, 'second')
  await runner.enqueue(noting, 'low', { priority: 'low' })
  await runner.enqueue(noting, 'high', { priority: 'high' })
  await runner.enqueue(noting, 'highest', { priority: 11 })

  await runToEnd(runner, clock)

  expect(order).toEqual(['highest', 'high', 'first', 'second', 'low'])
})

test('a job for a named instant starts then, and not before', async () => {
  const { runner, clock } = setup([greet])
  await runner.enqueue(greet, { name: 'Ada' }, { runAt: '2026-01-01T01:00:00+00:30', delayMs: 1 })

  expect(await runner.work()).toEqual({ slices: 0, dueInMs: 1_800_000 })
  await clock.advance(1_800_000)
  expect(await runner.work()).toEqual({ slices: 1, dueInMs: null })
})

test('a schema that transforms gives the handler what it made, and a view what was enqueued', async () => {
  const seen: unknown[] = []
  const dated = defineProcessor({
    name: 'dated',
    input: z.object({ at: z.string().transform(at => new Date(at)) }),
    lane: ({ at }) => `year-${at.getUTCFullYear()}`,
    run: ({ input }) => void seen.push(input.at),
  })
  const { runner, clock } = setup([dated])
  const job = await runner.enqueue(dated, { at: '2026-05-01T00:00:00Z' })
  await runToEnd(runner, clock)

  expect(job).toMatchObject({ lane: 'year-2026', input: { at: '2026-05-01T00:00:00Z' } })
  expect(seen).toEqual([new Date('2026-05-01T00:00:00Z')])
})

test('an input that fits no longer, after a deploy, fails the job without further attempts', async () => {
  const { runner, store, clock } = setup([greet])
  const { id } = await runner.enqueue(greet, { name: 'Ada' })
  const stricter = defineProcessor({
    name: 'greet',
    input: z.object({ name: z.string().min(10) }),
    run: () => {},
  })
  const { runner: deployed } = setup([stricter], { store, clock })

  await deployed.work()

  expect(await deployed.get(id)).toMatchObject({
    state: 'failed',
    attempts: 1,
    errors: { last: { code: 'invalid_input' } },
  })
})
