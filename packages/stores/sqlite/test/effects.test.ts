import { createRunner, defineProcessor } from '@longhaul/core'
import { fakeClock, runToEnd } from '@longhaul/core/testing'
import { sqliteStore } from '@longhaul/sqlite'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { temporaryFile } from './support.js'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

/** An app with a table of its own in the file that also keeps the jobs. */
function setup() {
  const { file, remove } = temporaryFile()
  const db = new Database(file)
  cleanups.push(() => db.close(), remove)
  db.exec('create table effects (item integer not null)')
  const clock = fakeClock()
  const store = sqliteStore(db, { clock })
  const effects = () => db.prepare('select item from effects order by rowid').pluck().all()
  return { db, clock, store, effects }
}

/** Works ten items in twos; each two and the cursor are one transaction, which fails where the test says so. */
function pairs(db: Database.Database, failing: Set<number>, before = () => {}) {
  return defineProcessor({
    name: 'pairs',
    input: z.null(),
    retry: { attempts: 3, backoff: { type: 'fixed', delayMs: 100 } },
    run: async ({ cursor, checkpoint, progress }) => {
      for (let next = Number(cursor ?? 0); next < 10; next += 2) {
        let checkpointed: Promise<void> | undefined
        before()
        db.transaction(() => {
          for (const item of [next + 1, next + 2]) db.prepare('insert into effects values (?)').run(item)
          progress({ done: next + 2, total: 10 })
          checkpointed = checkpoint(next + 2, { via: db })
          if (failing.delete(next + 2)) throw new Error('the transaction was rolled back')
        })()
        await checkpointed
      }
    },
  })
}

test('a checkpoint in your transaction and your data are stored together: each effect happens once', async () => {
  const { db, clock, store, effects } = setup()
  const processor = pairs(db, new Set())
  const runner = createRunner({ store, clock, processors: [processor] })
  const { id } = await runner.enqueue(processor, null)

  await runToEnd(runner, clock)

  expect(effects()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(await runner.get(id)).toMatchObject({ state: 'completed', progress: { done: 10 } })
})

test('a transaction that is rolled back takes its checkpoint with it, and nothing is skipped or repeated', async () => {
  const { db, clock, store, effects } = setup()
  const processor = pairs(db, new Set([2, 6, 10]))
  const runner = createRunner({ store, clock, processors: [processor] })
  const { id } = await runner.enqueue(processor, null)

  await runToEnd(runner, clock)

  expect(effects()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(await runner.get(id)).toMatchObject({ state: 'completed', progress: { done: 10 } })
})

test.each([
  ['', {}],
  [', where calls of the store are wrapped', { timeStoreCalls: true }],
])(
  'a worker that has lost its job can not commit its effects in a synchronous transaction%s',
  async (_, options) => {
    const { db, clock, store, effects } = setup()
    const processor = pairs(db, new Set(), () => db.exec('update longhaul_jobs set token = token + 1'))
    const runner = createRunner({ store, clock, processors: [processor], ...options })
    const { id } = await runner.enqueue(processor, null)
    const lost: unknown[] = []
    runner.on('lost', (_, error) => lost.push(error))

    await runner.work({ maxJobs: 1 })

    expect(effects()).toEqual([])
    expect(lost).toMatchObject([{ code: 'lease_lost' }])
    expect(await runner.get(id)).toMatchObject({ state: 'running', progress: { done: 0 } })
  },
)

test('a job enqueued in your transaction exists if, and only if, your data does', async () => {
  const { db, clock, store, effects } = setup()
  const processor = pairs(db, new Set())
  const runner = createRunner({ store, clock, processors: [processor] })
  await runner.open()
  const prepared = await runner.prepare(processor, null)
  const inserts: Promise<unknown>[] = []
  const enqueue = db.transaction((fail: boolean) => {
    db.exec('insert into effects values (0)')
    inserts.push(runner.insert([prepared], db))
    if (fail) throw new Error('no')
  })

  expect(() => enqueue(true)).toThrow('no')
  expect([effects(), (await runner.list()).jobs]).toEqual([[], []])
  enqueue(false)
  await Promise.all(inserts)
  expect([effects(), (await runner.list()).jobs.length]).toEqual([[0], 1])
})
