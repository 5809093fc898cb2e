import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Store, systemClock } from '@longhaul/core/store'
import { type SqliteStoreOptions, sqliteStore } from '@longhaul/sqlite'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { aJob, endOf, temporaryFile, upTo } from './support.js'

const timeout = 60_000
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

test('four processes drain one file: each job is granted once, and lanes hold', { timeout }, async () => {
  const { file, store } = await setup()
  await store.insert(numbered(1_700))
  await store.insert(Array.from({ length: 300 }, () => aJob({ lane: 'narrow', laneLimit: 2 })))

  const reports = (await Promise.all(repeat(4, () => reportOf(start('drain', file))))) as DrainReport[]

  const grants = reports.flatMap(report => report.grants)
  expect(new Set(grants).size).toBe(2_000)
  expect(grants).toHaveLength(2_000)
  expect(grants.every(grant => grant.endsWith(':1'))).toBe(true)
  expect(Math.max(...reports.map(report => report.mostInLane))).toBeLessThanOrEqual(2)
  expect((await store.count({})).states.completed).toBe(2_000)
  expect(integrityOf(file)).toBe('ok')
})

test('jobs that are inserted while several processes end those they wait for are all released or cancelled', {
  timeout,
}, async () => {
  const { file, store } = await setup()
  await store.insert(numbered(1_000))

  await Promise.all(repeat(4, () => reportOf(start('race', file))))

  const { jobs } = await store.list({ processors: ['waiter'] }, { limit: 1_000 })
  expect(jobs.length).toBeGreaterThanOrEqual(400)
  for (const { note, queue, state } of jobs) {
    const ends = JSON.parse(note ?? '[]').map(endOf)
    expect(state).toBe(queue === 'succeeded' && ends.includes('failed') ? 'cancelled' : 'waiting')
  }
  expect(jobs.some(({ state }) => state === 'cancelled')).toBe(true)
})

test('eight processes may create the tables of an empty file at once', { timeout }, async () => {
  const { file, remove } = temporaryFile()
  cleanups.push(remove)
  await Promise.all(repeat(8, () => reportOf(start('open', file))))

  const store = sqliteStore(file)
  await store.open()
  expect((await store.count({})).states.waiting).toBe(8)
  await store.close()
})

test('a writer that holds the lock for seconds blocks no loop, and every call succeeds after it', {
  timeout,
}, async () => {
  const { file, store } = await setup()
  const holder = start('hold', file)
  await once(holder, 'message')

  const lag = measureLag()
  const startedAt = performance.now()
  await Promise.all(repeat(10, () => store.insert([aJob()])))

  expect(performance.now() - startedAt, 'the lock was held meanwhile').toBeGreaterThan(1_000)

  expect(await lag.stop()).toBeLessThan(300)
  expect((await store.count({})).states.waiting).toBe(10)
})

test('reads answer while another process holds the write lock', { timeout }, async () => {
  const { file, store } = await setup()
  await store.insert([aJob({ id: 'a' })])
  const holder = start('hold', file)
  await once(holder, 'message')

  const startedAt = performance.now()
  expect(await store.get('a')).toMatchObject({ state: 'waiting' })
  expect(performance.now() - startedAt).toBeLessThan(1_000)
})

test('a process that is killed in the middle of its writes leaves a sound file', { timeout }, async () => {
  const { file, store } = await setup()
  const churning = start('churn', file)
  await once(churning, 'message')
  churning.kill('SIGKILL')
  await once(churning, 'exit')

  expect(integrityOf(file)).toBe('ok')
  expect(halfWritten(file)).toEqual([])
  await store.insert([aJob({ id: 'next', priority: 1 })])
  expect(await store.claim(upTo(1))).toMatchObject([{ id: 'next' }])
})

test('a listener hears of a job that another process inserts', { timeout }, async () => {
  const { file, store } = await setup()
  const woken = new Promise<void>(resolve => {
    void store.listen?.(resolve)
  })
  await reportOf(start('open', file))
  await woken
})

test('a listener is told of every write of another process, and does not wait for its next look', {
  timeout,
}, async () => {
  const { file, store } = await setup({ listenEveryMs: timeout })
  const teller = start('tell', file)
  const stop = await store.listen?.(() => void heard())
  let heard = () => {}

  const waits: number[] = []
  for (let round = 0; round < 20; round++) {
    const woken = new Promise<void>(resolve => {
      heard = resolve
    })
    teller.send('insert')
    const [insertedAt] = (await once(teller, 'message')) as [number]
    await woken
    waits.push(performance.timeOrigin + performance.now() - insertedAt)
    await emptied(store)
  }
  await stop?.()

  expect(waits.sort((a, b) => a - b)[15]).toBeLessThan(100)
})

test('a listener that nobody stops keeps no process alive', { timeout }, async () => {
  const { file } = await setup()
  await reportOf(start('listen', file))
})

interface DrainReport {
  readonly grants: string[]
  readonly mostInLane: number
}

async function setup(options: SqliteStoreOptions = {}) {
  const { file, remove } = temporaryFile()
  const store = sqliteStore(file, options)
  await store.open()
  cleanups.push(remove, () => store.close())
  return { file, store }
}

/** The source of the package, in a process of its own. */
function start(task: string, file: string): ChildProcess {
  const worker = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), [task, file], {
    execArgv: ['--conditions=@longhaul/source', '--import', 'tsx'],
  })
  cleanups.push(() => worker.kill('SIGKILL'))
  return worker
}

/** The last thing it said, once it ended well. */
async function reportOf(worker: ChildProcess): Promise<unknown> {
  let report: unknown
  worker.on('message', message => {
    report = message
  })
  const [code] = await once(worker, 'exit')
  expect(code).toBe(0)
  return report
}

/** Nothing is due afterwards. */
async function emptied(store: Store) {
  await store.request({ kind: 'cancel' }, {})
}

function repeat<Value>(count: number, make: () => Value): Value[] {
  return Array.from({ length: count }, make)
}

function numbered(count: number) {
  return Array.from({ length: count }, (_, index) => aJob({ id: `${index}` }))
}

function integrityOf(file: string): unknown {
  return withClient(file, client => client.pragma('integrity_check', { simple: true }))
}

/** Ended jobs without exactly their two log lines. */
function halfWritten(file: string): unknown[] {
  const sql = `
    select id from longhaul_jobs as job where state = 'completed'
      and (select count(*) from longhaul_logs as log where log.job = job.seq) <> 2`
  return withClient(file, client => client.prepare(sql).all())
}

function withClient<Result>(file: string, use: (client: Database.Database) => Result): Result {
  const client = new Database(file)
  try {
    return use(client)
  } finally {
    client.close()
  }
}

/** The longest time between two turns of the loop that should be 5 ms apart. */
function measureLag() {
  const stopping = new AbortController()
  const longest = (async () => {
    let longestMs = 0
    while (!stopping.signal.aborted) {
      const startedAt = performance.now()
      await systemClock.sleep(5)
      longestMs = Math.max(longestMs, performance.now() - startedAt)
    }
    return longestMs
  })()
  return {
    stop() {
      stopping.abort()
      return longest
    },
  }
}
