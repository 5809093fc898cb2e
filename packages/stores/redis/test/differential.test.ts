import { memoryStore } from '@longhaul/core'
import type { JobFilter, JobState, NewJob, Patch, Store, StoreError, Wish } from '@longhaul/core/store'
import { fakeClock } from '@longhaul/core/testing'
import { redisStore } from '@longhaul/redis'
import fc from 'fast-check'
import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { aJob, anyNamespace, connectRedis, deleteNamespace, noServer, setClock, wished } from './support.js'

const names = [...'abcdefghijklmnop']
const anyId = fc.constantFrom(...names)

/** Those that are there from the start, and a few that may be. */
const awaitable = names.slice(0, 7)
const first = awaitable.slice(0, 5)

const anyAfter = fc.record({
  ids: fc.array(fc.constantFrom(...first, ...awaitable), { maxLength: 3 }),
  outcome: fc.constantFrom('succeeded', 'succeeded', 'ended'),
} as const)

const anyJob = fc.record({
  id: anyId,
  key: fc.constantFrom(null, null, 'k'),
  processor: fc.constantFrom('one', 'one', 'two'),
  queue: fc.constantFrom('fast', 'fast', 'slow'),
  priority: fc.integer({ min: -1, max: 1 }),
  lane: fc.constantFrom(null, 'x', 'x', 'x', 'y'),
  laneLimit: fc.constantFrom(1, 1, 1, 2, 3),
  tenant: fc.constantFrom(null, 't'),
  group: fc.constantFrom(null, 'g', 'h'),
  delayMs: fc.constantFrom(0, 0, 0, 30_000),
  after: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: anyAfter }),
})

const anyEnd = fc.record({ state: fc.constantFrom('completed', 'failed', 'waiting', 'paused') } as const)

const anyPatch: fc.Arbitrary<Patch> = fc.record(
  {
    state: fc.constantFrom('waiting', 'waiting', 'paused', 'completed', 'failed', 'cancelled'),
    delayMs: fc.constantFrom(0, 30_000),
    leaseMs: fc.constantFrom(10_000, 60_000),
    cursor: fc.constantFrom(null, '', 'c'),
    crashes: fc.constant(0),
    progress: fc.record({
      done: fc.nat(9),
      failed: fc.nat(9),
      skipped: fc.nat(9),
      total: fc.constantFrom(null, 0, 9),
    }),
  },
  { requiredKeys: [] },
)

const anyFilter = fc.record(
  {
    ids: fc.uniqueArray(anyId, { minLength: 1 }),
    states: fc.uniqueArray(fc.constantFrom<JobState>('blocked', 'waiting', 'running', 'paused', 'failed'), {
      minLength: 1,
    }),
    processors: fc.constantFrom(['one'], ['one', 'two']),
    lane: fc.constantFrom('x', 'y'),
    tenant: fc.constant('t'),
    group: fc.constantFrom('g', 'h'),
  },
  { requiredKeys: [] },
)

const anyWrite = fc.record({
  do: fc.constant('write' as const),
  held: fc.nat(3),
  patch: fc.oneof(anyEnd, anyPatch),
  age: fc.constantFrom(0, 0, 0, 0, 1),
})

const anyWish = fc.record({
  kind: fc.constantFrom('cancel', 'pause', 'resume', 'retry', 'promote'),
} as const)

const anyMove = fc.record(
  {
    kind: fc.constant('move' as const),
    queue: fc.constantFrom('fast', 'slow'),
    priority: fc.integer({ min: -1, max: 1 }),
  },
  { requiredKeys: ['kind'] },
)

const anyCommand = fc.oneof(
  fc.record({ do: fc.constant('insert' as const), jobs: fc.array(anyJob, { minLength: 2, maxLength: 6 }) }),
  fc.record({
    do: fc.constant('claim' as const),
    limit: fc.integer({ min: 1, max: 6 }),
    processors: fc.constantFrom(['one', 'two'], ['one', 'two'], ['one'], ['two']),
    queues: fc.constantFrom(undefined, undefined, ['fast'], ['fast', 'slow']),
    exceptQueues: fc.constantFrom(undefined, undefined, ['fast'], ['slow', 'none']),
  }),
  anyWrite,
  anyWrite,
  fc.record({
    do: fc.constant('wish' as const),
    wish: fc.oneof(anyWish, anyWish, anyMove),
    filter: anyFilter,
  }),
  fc.record({ do: fc.constant('prune' as const), limit: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant('advance' as const), ms: fc.constantFrom(25_000, 70_000) }),
)
type Command = typeof anyCommand extends fc.Arbitrary<infer Value> ? Value : never

/**
 * Each step takes so long by the stores' clock that the real time it takes decides nothing: no number of steps comes
 * near a whole multiple of five seconds, at which leases and delays end.
 */
const stepMs = 3_090
/** The clock of the server goes on within a step. */
const driftMs = 2_000

test.skipIf(noServer)(
  'it answers as the memory store does, whatever is called in whatever order',
  { timeout: 120_000 },
  async () => {
    const client = connectRedis()
    const commands = fc.array(anyCommand, { minLength: 15, maxLength: 45 })
    const agree = fc.asyncProperty(commands, async list => {
      const namespace = anyNamespace()
      await compare(client, namespace, list).finally(() => deleteNamespace('', namespace))
    })
    await fc.assert(agree, { numRuns: 60 }).finally(() => client.disconnect())
  },
)

async function compare(client: Redis, namespace: string, commands: readonly Command[]) {
  const clock = fakeClock()
  const stores = [memoryStore({ clock }), redisStore(client, { namespace })] as const
  for (const store of stores) await store.open()
  await setClock(client, namespace, clock.now())
  for (const store of stores)
    await store.insert(first.map(id => aJob({ id, processor: 'one', queue: 'fast' })))
  for (const [step, command] of commands.entries()) {
    const ms = stepMs + (command.do === 'advance' ? command.ms : 0)
    await clock.advance(ms)
    await setClock(client, namespace, clock.now())
    const [expected, actual] = await Promise.all(stores.map(store => run(store, command, step)))
    expect(actual, JSON.stringify(command)).toEqual(expected)
    const [whole, seen] = await Promise.all([everything(stores[0]), everything(stores[1])])
    expect(seen, `after ${JSON.stringify(command)}`).toEqual({ ...whole, due: whole.due.map(about) })
  }
}

/** What the other store may answer. */
function about(dueInMs: number | null): unknown {
  return dueInMs === null ? null : expect.closeTo(dueInMs, -Math.log10(2 * driftMs))
}

async function run(store: Store, command: Command, step: number): Promise<unknown> {
  switch (command.do) {
    case 'insert':
      return inserted(store, command.jobs as Partial<NewJob>[])
    case 'claim': {
      const { limit, processors, queues, exceptQueues } = command
      const where = { processors, ...(queues && { queues }), ...(exceptQueues && { exceptQueues }) }
      const jobs = await store.claim({ claimId: `${step}`, limit, leaseMs: 60_000, ...where })
      return jobs.map(({ id, token, crashes, cursor }) => ({ id, token, crashes, cursor }))
    }
    case 'write': {
      const { jobs } = await store.list({ states: ['running'] }, { limit: 100 })
      const { id, token } = jobs[command.held % jobs.length] ?? { id: 'a', token: 1 }
      const { age, patch } = command
      const [answer] = await store.commit([{ id, token: token - age, seq: step + 1, patch }])
      return { accepted: answer?.accepted, state: answer?.job?.state }
    }
    case 'wish':
      return wished(store, command.wish as Wish, command.filter as JobFilter)
    case 'prune':
      return store.prune({
        states: ['completed', 'failed', 'cancelled'],
        olderThanMs: 40_000,
        limit: command.limit,
      })
    case 'advance':
      return undefined
  }
}

async function inserted(store: Store, jobs: readonly Partial<NewJob>[]) {
  try {
    const stored = await store.insert(jobs.map(job => aJob(job)))
    return stored.map(({ id, processor, state, waitsFor }) => ({ id, processor, state, waitsFor }))
  } catch (error) {
    return { code: (error as StoreError).code, message: (error as StoreError).message }
  }
}

/** All that does not depend on the very millisecond. */
async function everything(store: Store) {
  const { jobs } = await store.list({}, { limit: 100 })
  const { dueInMs, ...counts } = await store.count({})
  const oneByOne = await store.count({ ids: names })
  const running = await store.count({ states: ['running'], processors: ['one'] })
  const { states, startedAt } = await store.count({ group: 'g' })
  return {
    jobs: jobs.map(({ createdAt: _c, dueAt: _d, startedAt, endedAt, ...job }) => ({
      ...job,
      started: startedAt !== null,
      ended: endedAt !== null,
    })),
    counts,
    oneByOne: oneByOne.states,
    running: running.states,
    group: { states, isStarted: startedAt !== null },
    due: [dueInMs, oneByOne.dueInMs, running.dueInMs],
  }
}
