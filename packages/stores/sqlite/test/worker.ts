import { randomInt, randomUUID } from 'node:crypto'
import { on } from 'node:events'
import type { After, Job, Store } from '@longhaul/core/store'
import { sqliteStore } from '@longhaul/sqlite'
import { aJob, endOf, openClient, upTo } from './support.js'

/** What a process of its own does to the file, and what it reports about it. */
const tasks: Record<string, (file: string) => Promise<unknown>> = {
  async open(file) {
    const client = await openClient(file)
    const store = sqliteStore(client)
    await store.open()
    await store.insert([aJob()])
    await store.close()
    client.close()
  },

  async drain(file) {
    const client = await openClient(file)
    const store = sqliteStore(client)
    await store.open()
    const report = await drain(store)
    await store.close()
    client.close()
    return report
  },

  /** Ends all jobs there are, some of them badly, and inserts others that wait for these meanwhile. */
  async race(file) {
    const client = await openClient(file)
    const store = sqliteStore(client)
    await store.open()
    for (let jobs = await store.claim(upTo(5)); jobs.length > 0; jobs = await store.claim(upTo(5))) {
      const ids = [...jobs.slice(0, 2).map(({ id }) => id), `${randomInt(1_000)}`]
      const ends = jobs.map(({ id, token }) => ({ id, token, seq: 1, patch: { state: endOf(id) } }))
      await Promise.all([
        store.insert([aWaiter(ids, 'succeeded')]),
        store.commit(ends),
        store.insert([aWaiter(ids, 'ended')]),
      ])
    }
    await store.close()
    client.close()
  },

  /** Holds the write lock without a break, and says so once it has it. */
  async hold(file) {
    const client = await openClient(file)
    client.exec('begin immediate')
    process.send?.('held')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000)
    client.exec('rollback')
    client.close()
  },

  /** Inserts a job each time it is told to, and tells when that was durable. */
  async tell(file) {
    const store = sqliteStore(await openClient(file))
    await store.open()
    for await (const _ of on(process, 'message')) {
      await store.insert([aJob()])
      process.send?.(performance.timeOrigin + performance.now())
    }
  },

  /** Stops neither its listener nor its store. */
  async listen(file) {
    const store = sqliteStore(await openClient(file))
    await store.open()
    await store.listen?.(() => {})
  },

  /** Writes until it is killed: each job either with both of its log lines, or not at all. */
  async churn(file) {
    const store = sqliteStore(await openClient(file))
    await store.open()
    for (let round = 0; ; round++) {
      await store.insert([aJob()])
      const [job] = await store.claim(upTo(1))
      if (job) await finish(store, job)
      if (round === 20) process.send?.('churning')
    }
  },
}

function aWaiter(ids: readonly string[], outcome: After['outcome']) {
  return aJob({ processor: 'waiter', note: JSON.stringify(ids), queue: outcome, after: { ids, outcome } })
}

async function drain(store: Store) {
  const grants: string[] = []
  let mostInLane = 0
  for (let jobs = await store.claim(upTo(7)); jobs.length > 0; jobs = await store.claim(upTo(7))) {
    grants.push(...jobs.map(({ id, token }) => `${id}:${token}`))
    mostInLane = Math.max(
      mostInLane,
      (await store.count({ lane: 'narrow', states: ['running'] })).states.running,
    )
    await Promise.all(jobs.map(job => finish(store, job)))
  }
  return { grants, mostInLane }
}

function finish(store: Store, { id, token }: Job) {
  const logs = ['first', 'second'].map(message => ({
    level: 'info' as const,
    message: `${message} ${randomUUID()}`,
  }))
  return store.commit([{ id, token, seq: 1, patch: { state: 'completed' }, logs }])
}

const [task = '', file = ''] = process.argv.slice(2)
const result = await tasks[task]?.(file)
process.send?.(result ?? 'done')
process.disconnect?.()
