import type { Job, NewJob, Store } from '@longhaul/core/store'
import type pg from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { aDatabase, aJob, aPool, noServer, rowsRead, upTo } from './support.js'

const databases: ReturnType<typeof aDatabase>[] = []
afterEach(async () => {
  for (const database of databases.splice(0)) await database.cleanup()
})

async function setup() {
  const database = aDatabase()
  databases.push(database)
  return { database, pool: database.pool, store: await database.store() }
}

const waiting = (id: string, ids: readonly string[], outcome: 'succeeded' | 'ended' = 'succeeded'): NewJob =>
  aJob({ id, after: { ids, outcome } })

const ends = (job: Pick<Job, 'id' | 'token'>, state: 'completed' | 'failed' = 'completed') => ({
  id: job.id,
  token: job.token,
  seq: 1,
  patch: { state },
})

async function held(store: Store, count: number): Promise<readonly Job[]> {
  await store.insert(Array.from({ length: count }, () => aJob({ processor: 'base' })))
  return store.claim(upTo(count, { processors: ['base'] }))
}

const idsOf = (jobs: readonly { readonly id: string }[]) => jobs.map(({ id }) => id)

const statesOf = async (store: Store, jobs: readonly { id: string }[]) =>
  (await store.count({ ids: jobs.map(({ id }) => id) })).states

describe.skipIf(noServer)('jobs that wait for others', () => {
  test('are all released, however ends, cancels and inserts on many connections meet', async () => {
    const { store: one, database } = await setup()
    const others = await Promise.all([aPool(), aPool()].map(pool => database.store({}, keep(pool))))
    const stores = [one, ...others]

    for (let round = 0; round < 30; round++) {
      const base = await held(one, 6)
      const plain = await one.insert([aJob({ processor: 'never' })])
      const ids = [...base, ...plain].map(({ id }) => id)
      const late = Array.from({ length: 9 }, (_, index) => waiting(`${round}/${index}`, ids, 'ended'))
      await Promise.all([
        ...base.map((job, index) =>
          at(stores, index).commit([ends(job, index % 2 ? 'failed' : 'completed')]),
        ),
        ...late.map((job, index) => at(stores, index).insert([job])),
        at(stores, round).request({ kind: 'cancel' }, { ids: plain.map(({ id }) => id) }),
      ])
      expect(await statesOf(one, late), `round ${round}`).toMatchObject({ waiting: 9 })
    }

    function keep(pool: pg.Pool) {
      database.onCleanup(() => pool.end())
      return pool
    }
  })

  test('are cancelled in vain, all of them, when the one that fails meets their inserts', async () => {
    const { store } = await setup()
    for (let round = 0; round < 20; round++) {
      const [base] = await held(store, 1)
      const late = Array.from({ length: 6 }, (_, index) => waiting(`${round}/${index}`, [base?.id ?? '']))
      await Promise.all([
        store.commit([ends(base as Job, 'failed')]),
        ...late.map(job => store.insert([job])),
      ])
      expect(await statesOf(store, late), `round ${round}`).toMatchObject({ cancelled: 6 })
    }
  })

  test('a thousand of them, each with its own, are released with one commit', async () => {
    const { store } = await setup()
    const base = await held(store, 1_000)
    await store.insert(base.map(({ id }, index) => waiting(`${index}`, [id])))
    await store.insert([
      waiting(
        'last',
        base.map(({ id }) => id),
      ),
    ])
    await store.commit(base.map(job => ends(job)))
    expect((await store.count({})).states).toMatchObject({ completed: 1_000, waiting: 1_001 })
  })

  test('are stored and released without a look at the jobs of others, or at all who wait', async () => {
    const { store, pool, database } = await setup()
    await store.insert(Array.from({ length: 5_000 }, () => aJob({ processor: 'other' })))
    const base = await held(store, 1_000)
    const tables = ['jobs', 'edges'].map(database.table)

    const before = await rowsRead(pool, ...tables)
    await store.insert(['b', 'c'].map(id => waiting(id, idsOf(base), 'ended')))
    const between = await rowsRead(pool, ...tables)
    expect(between - before, 'a few for each edge').toBeLessThan(50_000)
    for (const job of base.slice(0, 50)) await store.commit([ends(job)])
    expect((await rowsRead(pool, ...tables)) - between, 'a few for each end').toBeLessThan(50 * 50)
  })

  test('are stored with the transaction of the app, and released with it', async () => {
    const { store, pool } = await setup()
    const [base] = await held(store, 1)
    const client = await pool.connect()
    await client.query('begin')
    await store.insert([waiting('gone', [base?.id ?? ''])], client)
    await client.query('rollback')
    expect(await store.get('gone')).toBeUndefined()

    await client.query('begin')
    await store.insert([waiting('b', [base?.id ?? ''])], client)
    await client.query('commit')
    await client.query('begin')
    expect(await store.commit([ends(base as Job)], client)).toMatchObject([{ accepted: true }])
    expect(await store.get('b')).toMatchObject({ state: 'blocked' })
    await client.query('commit')
    client.release()
    expect(await store.get('b')).toMatchObject({ state: 'waiting', waitsFor: 0 })
  })

  test('cost those nothing for whom nobody waits: one statement each for an insert, a claim and a commit', async () => {
    const { store, pool, database } = await setup()
    const counting = await database.store({ listen: false }, counted(pool))
    const [base] = await held(store, 1)
    await store.insert([waiting('b', [base?.id ?? ''])])
    counter.statements = 0
    await counting.insert([aJob({ id: 'a' })])
    const [job] = await counting.claim(upTo(1))
    await counting.commit([ends(job as Job)])
    expect(counter.statements).toBe(3)
    await counting.commit([ends(base as Job)])
    expect(counter.statements, 'to try, to look, and in the order of those who wait').toBe(6)
  })
})

const counter = { statements: 0 }

function at<Member>(members: readonly Member[], index: number): Member {
  return members[index % members.length] as Member
}

/** The same pool, whose clients count what they are asked, but for wake-up calls. */
function counted(pool: pg.Pool): pg.Pool {
  return new Proxy(pool, {
    get(target, name) {
      if (name !== 'connect') return Reflect.get(target, name)
      return async () => {
        const client = await target.connect()
        return new Proxy(client, {
          get(inner, member) {
            const value = Reflect.get(inner, member)
            if (typeof value !== 'function') return value
            return (...args: unknown[]) => {
              if (member === 'query' && !String(args[0]).includes('notify')) counter.statements++
              return value.apply(inner, args)
            }
          },
        })
      }
    },
  })
}
