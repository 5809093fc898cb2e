import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import {
  createRunner,
  defineProcessor,
  type InputOf,
  memoryStore,
  type OutputOf,
  type Runner,
} from '../src/index.js'

declare function rowsBehind(cursor: number | null, limit: number): Promise<{ id: number; uuid: string }[]>

const sync = defineProcessor({
  name: 'crm.sync',
  input: z.object({ accountId: z.string(), since: z.string().transform(text => new Date(text)) }),
  counters: ['updated', 'deleted'],
  lane: ({ accountId, since }) => `${accountId}-${since.getUTCFullYear()}`,
  items: async ({ input, cursor, limit }) => {
    expectTypeOf(input.since).toEqualTypeOf<Date>()
    const rows = await rowsBehind(cursor, limit)
    return rows.map(row => [row.id, row])
  },
  each: async (item, { count, call, key, signal, once }) => {
    expectTypeOf(item).toEqualTypeOf<{ id: number; uuid: string }>()
    expectTypeOf(key).toEqualTypeOf<string>()
    expectTypeOf(await call(() => 42)).toEqualTypeOf<number>()
    expectTypeOf(
      await call(() => fetch(key), { limits: response => response.headers }),
    ).toEqualTypeOf<Response>()
    const answered = await call(async signal => [signal] as const, { limits: ([signal]) => signal.reason })
    expectTypeOf(answered).toEqualTypeOf<readonly [AbortSignal]>()
    // @ts-expect-error an answer has no such member
    void call(() => fetch(key), { limits: response => response.header })
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
    expectTypeOf(await once('charge', async () => ({ id: 7 }))).toEqualTypeOf<{ id: number }>()
    expectTypeOf(await once('mail', () => {})).toEqualTypeOf<void>()
    count('updated')
    // @ts-expect-error a counter that was not named
    count('updatd')
  },
  finish: ({ counters }) => ({ updated: counters.updated ?? 0 }),
})

const greet = defineProcessor({ name: 'greet', input: z.string(), run: ({ input }) => input.length })

const runner = createRunner({ store: memoryStore(), processors: [sync, greet] })

test('an input is what the schema takes, an output what the handler gives', () => {
  expectTypeOf<InputOf<typeof sync>>().toEqualTypeOf<{ accountId: string; since: string }>()
  expectTypeOf<OutputOf<typeof sync>>().toEqualTypeOf<{ updated: number }>()
  expectTypeOf<OutputOf<typeof greet>>().toEqualTypeOf<number>()
})

test('enqueue knows the input and the output of a processor, also by its name', async () => {
  const job = await runner.enqueue('crm.sync', { accountId: 'a', since: '2026-01-01' })
  expectTypeOf(job.output).toEqualTypeOf<{ updated: number } | undefined>()
  expectTypeOf(await runner.waitFor(job)).toEqualTypeOf<{ updated: number }>()
  expectTypeOf(await runner.waitFor(await runner.enqueue(greet, 'Ada'))).toEqualTypeOf<number>()
})

test('a wrong name does not compile', () => {
  // @ts-expect-error there is no such processor
  void runner.enqueue('crm.snyc', { accountId: 'a', since: '2026-01-01' })
  const stranger = defineProcessor({ name: 'stranger', input: z.string(), run: () => {} })
  // @ts-expect-error this runner does not know it
  void runner.enqueue(stranger, 'hello')
})

test('a wrong input does not compile', () => {
  // @ts-expect-error accountId is missing
  void runner.enqueue(sync, { since: '2026-01-01' })
  // @ts-expect-error since is text before the schema makes it a Date
  void runner.enqueue(sync, { accountId: 'a', since: new Date() })
  // @ts-expect-error greet takes a string
  void runner.enqueue('greet', 7)
  // @ts-expect-error one of many does not fit
  void runner.enqueueMany(greet, [{ input: 'Ada' }, { input: 7 }])
})

test('a wrong option does not compile', () => {
  // @ts-expect-error misspelt
  void runner.enqueue(greet, 'Ada', { delay: 5 })
  // @ts-expect-error no such band
  void runner.enqueue(greet, 'Ada', { priority: 'urgent' })
  // @ts-expect-error no such event
  runner.on('complete', () => {})
  // @ts-expect-error a job can't be both
  defineProcessor({ name: 'both', input: z.null(), run: () => {}, items: () => [], each: () => {} })
  // @ts-expect-error an unknown policy
  defineProcessor({ name: 'typo', input: z.null(), retires: {}, run: () => {} })
})

test('an event brings the job, and a failure its error', () => {
  runner.on('completed', job => expectTypeOf(job.state).toBeString())
  runner.on('failed', (_, error) => expectTypeOf(error).toBeUnknown())
})

test('a schedule is typed by its processor, in code and at run time', () => {
  createRunner({
    store: memoryStore(),
    processors: [sync, greet],
    schedules: [
      { name: 'a', processor: sync, input: { accountId: 'a', since: '2026-01-01' }, cron: '0 3 * * *' },
      { name: 'b', processor: 'greet', input: 'Ada', everyMs: 60_000 },
      { name: 'c', processor: greet, input: ({ slot }) => slot, at: new Date(0) },
      // @ts-expect-error greet takes a string
      { name: 'd', processor: 'greet', input: 7, everyMs: 60_000 },
      // @ts-expect-error a function gives what the processor takes
      { name: 'e', processor: greet, input: () => 7, everyMs: 60_000 },
      // @ts-expect-error there is no such processor
      { name: 'f', processor: 'great', input: 'Ada', everyMs: 60_000 },
      // @ts-expect-error one timing, not two
      { name: 'g', processor: greet, input: 'Ada', everyMs: 60_000, cron: '0 3 * * *' },
      // @ts-expect-error no timing at all
      { name: 'h', processor: greet, input: 'Ada' },
      // @ts-expect-error the slot is the key
      { name: 'i', processor: greet, input: 'Ada', everyMs: 60_000, options: { key: 'k' } },
      // @ts-expect-error misspelt
      { name: 'j', processor: greet, input: 'Ada', cron: '0 3 * * *', timezone: 'UTC' },
    ],
  })
  void runner.schedules.upsert({ name: 'a', processor: greet, input: 'Ada', everyMs: 60_000 })
  void runner.schedules.upsert({
    name: 'a',
    processor: greet,
    // @ts-expect-error the store can't keep a function
    input: () => 'Ada',
    everyMs: 60_000,
  })
})

test('retention is per ended state', () => {
  createRunner({
    store: memoryStore(),
    processors: [greet],
    retention: { failed: false, completed: { keep: 5 } },
  })
  // @ts-expect-error a job that waits is never deleted
  createRunner({ store: memoryStore(), processors: [greet], retention: { waiting: { keep: 5 } } })
})

test('a runner of some processors is a runner, for code that takes any', () => {
  const any: Runner = runner
  void any.schedules.list()
  expectTypeOf(any.tick()).resolves.toHaveProperty('pruned')
})

test('a runner whose processors are not known takes any input', () => {
  expectTypeOf<Runner['enqueue']>().toBeCallableWith('crm.sync', { accountId: 'a' })
  expectTypeOf<Runner['enqueue']>().toBeCallableWith('crm.sync' as string, 7)
})
