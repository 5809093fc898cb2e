import { memoryStore } from '@longhaul/core'
import type { ClaimRequest, NewJob, Store, StoreError, Wish } from '@longhaul/core/store'
import { fakeClock } from '@longhaul/core/testing'
import { redisStore } from '@longhaul/redis'
import fc from 'fast-check'
import type { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import {
  aJob,
  anyNamespace,
  connectRedis,
  deleteNamespace,
  noServer,
  setClock,
  upTo,
  wished,
} from './support.js'

/*
 * Why no job is left behind in a full lane. Of each lane, group and limit, as many jobs as there are free places
 * stand in the line, unless none is parked:
 *
 * - A place comes free, by a write, a wish or a lease that ended: the next parked one goes into the line.
 * - A claim takes a place: there is one free place less.
 * - A claim parks a job: then its lane is full, and no free place needs it.
 * - A job leaves the line in another way: the next one follows, as if a place had come free.
 *
 * It holds because each job has one home, which its row alone names: what is in the line waits, or is lapsed, since
 * just the due time of its row, and nothing but a script that moves it changes either.
 */

const first = { ids: ['0'], outcome: 'ended' } as const
const firstTwo = { ids: ['0', '1'], outcome: 'succeeded' } as const

const anyJob = fc.record({
  id: fc.integer({ min: 0, max: 40 }).map(String),
  processor: fc.constantFrom('one', 'two'),
  queue: fc.constantFrom('fast', 'slow'),
  priority: fc.integer({ min: 0, max: 1 }),
  lane: fc.constantFrom('x', 'x', 'y'),
  laneLimit: fc.constantFrom(1, 1, 2, 3),
  delayMs: fc.constantFrom(0, 0, 0, 0, 40_100),
  after: fc.constantFrom(undefined, undefined, undefined, first, firstTwo),
})

const anyClaim = fc.record({
  do: fc.constant('claim' as const),
  limit: fc.constantFrom(1, 1, 2, 5),
  leaseMs: fc.constantFrom(20_300, 60_700),
  processors: fc.constantFrom(['one'], ['two'], ['one', 'two']),
  queues: fc.constantFrom(undefined, ['fast'], ['slow']),
  again: fc.constantFrom(false, false, false, true),
})

const anyStep = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('insert' as const),
      jobs: fc.array(anyJob, { minLength: 3, maxLength: 8 }),
    }),
  },
  { weight: 6, arbitrary: anyClaim },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      held: fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }),
      patch: fc.constantFrom(
        { state: 'completed' } as const,
        { state: 'waiting' } as const,
        { state: 'waiting', delayMs: 40_200 } as const,
        { state: 'paused' } as const,
        { leaseMs: 60_400 } as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wish' as const),
      wish: fc.constantFrom<Wish>(
        ...(['cancel', 'pause', 'resume', 'retry', 'promote'] as const).map(kind => ({ kind })),
        { kind: 'move', queue: 'slow' },
        { kind: 'move', queue: 'fast', priority: 1 },
      ),
      ids: fc.uniqueArray(fc.integer({ min: 0, max: 40 }).map(String), { minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('prune' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.constantFrom(25_000, 70_000) }),
  },
)
type Step = typeof anyStep extends fc.Arbitrary<infer Value> ? Value : never

/**
 * Each step takes a second of the stores' time, and no two waits together are whole seconds, so that the real time
 * it takes decides nothing.
 */
const stepMs = 1_000

describe.skipIf(noServer)('lanes', () => {
  test('whoever asks gets the first job whose lane has a place, whatever went before', {
    timeout: 120_000,
  }, async () => {
    const client = connectRedis()
    const steps = fc.array(anyStep, { minLength: 20, maxLength: 60 })
    const agree = fc.asyncProperty(steps, async list => {
      const namespace = anyNamespace()
      await compare(client, namespace, list).finally(() => deleteNamespace('', namespace))
    })
    const numRuns = Number(process.env.LANE_RUNS ?? 30)
    await fc.assert(agree, { numRuns }).finally(() => client.disconnect())
  })
})

async function compare(client: Redis, namespace: string, steps: readonly Step[]) {
  const clock = fakeClock()
  const stores = [memoryStore({ clock }), redisStore(client, { namespace })] as const
  const both = async (what: (store: Store) => Promise<unknown>, about: unknown) => {
    const [expected, actual] = await Promise.all(stores.map(what))
    expect(actual, JSON.stringify(about)).toEqual(expected)
  }
  const wait = async (ms: number) => {
    await clock.advance(ms)
    await setClock(client, namespace, clock.now())
  }
  for (const store of stores) await store.open()
  await wait(0)
  for (const store of stores)
    await store.insert(['0', '1'].map(id => aJob({ id, processor: 'one', lane: 'x' })))
  for (const [place, step] of steps.entries()) {
    await wait(stepMs + (step.do === 'advance' ? step.ms : 0))
    await both(store => run(store, step, place), step)
    await wait(stepMs)
    await both(store => probe(store, place), 'a probe')
  }
  await wait(200_000)
  await both(drain, 'the drain')
}

/** Takes one job, as somebody who works a part of them, and puts it back as it was. */
async function probe(store: Store, place: number) {
  const processors = [['one', 'two'], ['one'], ['two']][place % 3] as string[]
  const request: ClaimRequest = { claimId: `probe ${place}`, processors, limit: 1, leaseMs: 60_500 }
  const jobs = await store.claim(place % 2 ? { ...request, queues: ['slow'] } : request)
  await store.commit(jobs.map(({ id, token }) => ({ id, token, seq: 1, patch: { state: 'waiting' } })))
  return jobs.map(({ id, token }) => [id, token])
}

async function run(store: Store, step: Step, place: number): Promise<unknown> {
  switch (step.do) {
    case 'insert':
      return store
        .insert(step.jobs.map(job => aJob(job as Partial<NewJob>)))
        .then(jobs => jobs.length, codeOf)
    case 'claim': {
      const { limit, processors, queues, leaseMs, again } = step
      const claimId = `claim ${again ? place - 1 : place}`
      const jobs = await store.claim({ claimId, limit, processors, leaseMs, ...(queues && { queues }) })
      return jobs.map(({ id, token }) => [id, token]).sort()
    }
    case 'write': {
      const { jobs } = await store.list({ states: ['running'] }, { limit: 100 })
      const chosen = step.held.map(held => jobs[held % jobs.length]).filter(job => job !== undefined)
      const writes = chosen.map(({ id, token }, index) => ({
        id,
        token,
        seq: 9 * (place + 1) + index,
        patch: step.patch,
      }))
      const answers = await store.commit(writes)
      return answers.map(({ accepted, job }) => [accepted, job?.state])
    }
    case 'wish':
      return wished(store, step.wish, { ids: step.ids })
    case 'prune':
      return store.prune({ states: ['completed'], olderThanMs: 40_000, limit: 3 })
    case 'advance':
      return undefined
  }
}

/** Of an insert that waits for a job which was pruned. */
function codeOf(error: StoreError) {
  return error.code
}

/** Ends whatever can be claimed, one after the other. */
async function drain(store: Store) {
  const order: string[] = []
  for (let round = 0; ; round++) {
    const [job] = await store.claim(upTo(1, { processors: ['one', 'two'], claimId: `drain ${round}` }))
    if (!job) return { order, states: (await store.count({})).states }
    order.push(job.id)
    await store.commit([{ id: job.id, token: job.token, seq: 1, patch: { state: 'completed' } }])
  }
}
