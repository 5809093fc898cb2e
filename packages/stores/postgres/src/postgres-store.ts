import { randomUUID } from 'node:crypto'
import { type Store, StoreError, type Transaction } from '@longhaul/core/store'
import { getCell, swapCell } from './cells.js'
import { claimer } from './claim.js'
import type { PostgresPool } from './client.js'
import { commitWrites } from './commit.js'
import { type Connection, connect } from './connection.js'
import { anySoon, anySoonAfter } from './due.js'
import { insertJobs } from './insert.js'
import { type PostgresStoreOptions, settingsFrom } from './options.js'
import { pruneJobs, sweepRecords } from './prune.js'
import { countJobs, getJob, jobRecords, listJobs } from './queries.js'
import { carryOutChunk } from './request.js'
import type { Sql } from './sql.js'
import { type WakeUps, wakeUpsOn } from './wake-ups.js'

/**
 * Keeps jobs in a PostgreSQL database, 13 or newer: for many processes on many hosts.
 *
 * `via` of `insert` and `commit` is a client on which you have begun a transaction. What fails in it ends it, as
 * any statement that fails does.
 *
 * @param source A `Pool` of pg of yours, which stays yours to end, or the URL of a database.
 * @throws {OptionsError} when an option is out of range.
 */
export function postgresStore(source: string | PostgresPool, options: PostgresStoreOptions = {}): Store {
  const settings = settingsFrom(options)
  const claim = claimer()
  let connecting: Promise<Connection> | undefined
  let connection: Connection | undefined
  let wakeUps: WakeUps | undefined

  function connected(): Connection {
    if (connection) return connection
    throw new StoreError('store_closed', 'postgres', 'The store is not open: call open() first.')
  }

  async function run<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    return connected().run(work)
  }

  async function runVia<Result>(via: Transaction | undefined, work: (sql: Sql) => Promise<Result>) {
    return via ? connected().join(via, work) : run(work)
  }

  /** What a transaction of the caller holds back shows a little later. */
  function wakeFor(via: Transaction | undefined) {
    if (via) wakeUps?.sendLater()
    else wakeUps?.send()
  }

  const store: Store = {
    name: 'postgres',

    async open() {
      connecting ??= connect(source, settings)
      const mine = connecting
      try {
        const opened = await mine
        if (connecting !== mine || connection) return
        connection = opened
        wakeUps = wakeUpsOn(opened, settings, randomUUID())
      } catch (error) {
        if (connecting === mine) connecting = undefined
        throw error
      }
    },

    async insert(jobs, via) {
      const stored = await runVia(via, sql => insertJobs(sql, jobs))
      if (anySoon(jobs)) wakeFor(via)
      return stored
    },

    async claim(request) {
      const { jobs, dueInMs } = await run(sql => claim(sql, request))
      if (jobs.length === 0) wakeUps?.wakeIn(dueInMs)
      return jobs
    },

    async commit(writes, via) {
      const commits = await runVia(via, sql => commitWrites(sql, writes))
      if (anySoonAfter(writes, commits)) wakeFor(via)
      return commits.committed
    },

    async request(wish, filter) {
      let total = 0
      for (let next: string | null = '0'; next !== null; ) {
        const after: string = next
        const chunk = await run(sql => carryOutChunk(sql, wish, filter, after))
        total += chunk.changed
        next = chunk.next
      }
      if (total > 0) wakeUps?.send()
      return total
    },

    get: id => run(sql => getJob(sql, id)),
    list: (filter, page) => run(sql => listJobs(sql, filter, page)),
    count: filter => run(sql => countJobs(sql, filter)),
    // biome-ignore lint/suspicious/noExplicitAny: one body for the two overloads of the contract
    records: (jobId: string, kind: 'items' | 'logs', page): Promise<any> =>
      run<unknown>(sql => jobRecords(sql, jobId, kind, page)),

    async prune(rule) {
      const pruned = await run(sql => pruneJobs(sql, rule, rule.limit))
      while (await run(sweepRecords));
      return pruned
    },

    cell: name => run(sql => getCell(sql, name)),
    swap: (name, change) => run(sql => swapCell(sql, name, change)),

    async listen(wake) {
      connected()
      return wakeUps?.listen(wake) ?? (async () => {})
    },
    hears: () => wakeUps?.hear() === true,

    async close() {
      const [closing, ending] = [connecting, wakeUps]
      connecting = connection = wakeUps = undefined
      await ending?.stop()
      const opened = await closing?.catch(() => undefined)
      await opened?.release()
    },
  }
  if (settings.listen === false) {
    delete store.listen
    delete store.hears
  }
  return store
}
