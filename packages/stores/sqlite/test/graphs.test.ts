import { memoryStore } from '@longhaul/core'
import type { After, Job, JobHead, Store, Wish } from '@longhaul/core/store'
import { fakeClock } from '@longhaul/core/testing'
import { sqliteStore } from '@longhaul/sqlite'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aJob, upTo } from './support.js'

const anyNumber = fc.integer({ min: 0, max: 9 })
const someIds = fc.uniqueArray(anyNumber.map(String), { minLength: 1, maxLength: 4 })

/** Each does one thing to a store, and answers what must be the same in every store. */
type Command = (store: Store) => Promise<unknown>

/** Seldom one that waits for itself, or for one that is not there. */
const anyJob = fc
  .record({
    number: anyNumber,
    back: fc.uniqueArray(fc.constantFrom(0, 1, 1, 2, 2, 3), { maxLength: 2 }),
    outcome: fc.constantFrom<After['outcome']>('succeeded', 'succeeded', 'ended'),
    key: fc.constantFrom(null, null, null, 'k'),
    delayMs: fc.constantFrom(0, 0, 1_000),
  })
  .map(({ number, back, outcome, ...job }) => {
    const ids = back.map(steps => `${Math.max(number - steps, 0)}`)
    return aJob({ id: `${number}`, ...job, after: { ids: number === 0 ? [] : ids, outcome } })
  })

/** No two of a call are the same job. */
const someJobs = fc.uniqueArray(anyJob, {
  minLength: 1,
  maxLength: 4,
  comparator: (one, other) => one.id === other.id || (one.key !== null && one.key === other.key),
})

const inserts = someJobs.map((jobs): Command => {
  return store => store.insert(jobs).catch(error => error.code)
})

const claims = fc.integer({ min: 1, max: 4 }).map(
  (limit): Command =>
    store =>
      store.claim(upTo(limit)),
)

const commits = fc
  .record({ those: someIds, state: fc.constantFrom('completed', 'failed', 'waiting', 'paused') })
  .map(({ those, state }): Command => {
    return async store => {
      const jobs = await Promise.all(those.map(id => store.get(id)))
      const held = jobs.filter(job => job !== undefined)
      return store.commit(held.map(({ id, token }) => ({ id, token, seq: 1, patch: { state } })))
    }
  })

const requests = fc
  .record({ those: someIds, kind: fc.constantFrom<Wish['kind']>('cancel', 'pause', 'resume', 'retry') })
  .map(({ those, kind }): Command => {
    return store => store.request({ kind } as Wish, { ids: those }).then(() => undefined)
  })

const prunes = fc.integer({ min: 1, max: 3 }).map((limit): Command => {
  const states = ['completed', 'failed', 'cancelled'] as const
  return store => store.prune({ states, olderThanMs: 0, limit })
})

/** Over some of these a lease ends. */
const pauses = fc.constantFrom(1, 25_000, 70_000)

const commands = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: inserts },
    { weight: 3, arbitrary: claims },
    { weight: 5, arbitrary: commits },
    { weight: 4, arbitrary: requests },
    { weight: 1, arbitrary: prunes },
    { weight: 2, arbitrary: pauses },
  ),
  { minLength: 10, maxLength: 60 },
)

test('whoever waits for whom, all stand after each call where they do in the memory store', async () => {
  await fc.assert(
    fc.asyncProperty(commands, async commands => {
      const clock = fakeClock()
      const client = new Database(':memory:')
      const stores = [memoryStore({ clock }), sqliteStore(client, { clock })] as const
      for (const store of stores) await store.open()
      for (const command of commands) {
        if (typeof command === 'number') await clock.advance(command)
        else await expectSame(stores, command)
      }
      expect(waitsIn(client)).toBe(unmet(await headsOf(stores[0])))
      client.close()
    }),
    { numRuns: 100 },
  )
})

test('a chain of thousands that waits in vain is cancelled with its first job, and all may go in time', async () => {
  const { client, clock, store } = await setup()
  await store.insert(chain(5_000))
  const [first] = await store.claim(upTo(1))
  await end(store, first, 'failed')
  expect((await store.count({})).states).toMatchObject({ failed: 1, cancelled: 4_999, blocked: 0 })

  expect(await store.request({ kind: 'retry' }, {})).toBe(5_000)
  expect((await store.count({})).states).toMatchObject({ waiting: 1, blocked: 4_999 })
  expect(await store.request({ kind: 'cancel' }, {})).toBeGreaterThan(0)
  await clock.advance(1)
  const rule = { states: ['cancelled'], olderThanMs: 0, limit: 10_000 } as const
  expect(await store.prune(rule), 'the last of the chain alone').toBe(1)
  expect(waitsIn(client)).toBe(4_998)
})

test('a job that thousands wait for releases them all, and one that waits for thousands is released', async () => {
  const { client, store } = await setup()
  const wide = numbered(3_000, { processor: 'later', after: { ids: ['first'], outcome: 'succeeded' } })
  const last = aJob({ id: 'last', after: { ids: wide.map(({ id }) => id), outcome: 'ended' } })
  await store.insert([aJob({ id: 'first' }), ...wide, last])
  const [first] = await store.claim(upTo(1))
  await end(store, first, 'completed')
  expect((await store.count({})).states).toMatchObject({ waiting: 3_000, blocked: 1 })

  expect(await store.request({ kind: 'cancel' }, { processors: ['later'] })).toBe(3_000)
  expect(await store.claim(upTo(9))).toMatchObject([{ id: 'last', waitsFor: 0 }])
  expect(waitsIn(client)).toBe(0)
})

test('a wish for more jobs than one transaction changes releases those of every part', async () => {
  const { store } = await setup()
  const bases = numbered(2_500, { processor: 'base' })
  const waiters = bases.map(({ id }) => aJob({ id: `after ${id}`, after: { ids: [id], outcome: 'ended' } }))
  await store.insert([...bases, ...waiters])
  expect(await store.request({ kind: 'cancel' }, { processors: ['base'] })).toBe(2_500)
  expect((await store.count({ processors: ['work'] })).states).toMatchObject({ waiting: 2_500, blocked: 0 })
})

async function expectSame([expected, actual]: readonly [Store, Store], command: Command) {
  const answer = await command(expected)
  expect(await command(actual)).toEqual(answer)
  expect(await headsOf(actual)).toEqual(await headsOf(expected))
}

async function setup() {
  const client = new Database(':memory:')
  const clock = fakeClock()
  const store = sqliteStore(client, { clock })
  await store.open()
  return { client, clock, store }
}

function end(store: Store, job: Job | undefined, state: 'completed' | 'failed') {
  return store.commit([{ id: job?.id ?? '', token: job?.token ?? 0, seq: 1, patch: { state } }])
}

/** Each waits for the one before it. */
function chain(length: number) {
  return Array.from({ length }, (_, place) =>
    aJob({ id: `${place}`, after: { ids: place === 0 ? [] : [`${place - 1}`], outcome: 'succeeded' } }),
  )
}

function numbered(count: number, differences: Parameters<typeof aJob>[0]) {
  return Array.from({ length: count }, (_, place) => aJob({ id: `${place}`, ...differences }))
}

async function headsOf(store: Store): Promise<readonly JobHead[]> {
  return (await store.list({}, { limit: 100 })).jobs
}

function unmet(heads: readonly JobHead[]): number {
  return heads.reduce((sum, { waitsFor }) => sum + waitsFor, 0)
}

function waitsIn(client: Database.Database): unknown {
  return client.prepare('select count(*) from longhaul_edges').pluck().get()
}
