import { setImmediate } from 'node:timers/promises'
import { type Store, StoreError, type Transaction } from '@longhaul/core/store'
import { getCell, swapCell } from './cells.js'
import { claimJobs, mayClaim } from './claim.js'
import type { SqliteClient } from './client.js'
import { commitAll, commitWrites, letsGo } from './commit.js'
import { type Connection, connect } from './connection.js'
import { insertJobs } from './insert.js'
import { type Listener, listenTo } from './listen.js'
import { type SqliteStoreOptions, settingsFrom } from './options.js'
import { pruneChunk, pruneJobs, sweepRecords } from './prune.js'
import { countJobs, getJob, jobRecords, listJobs } from './queries.js'
import { carryOutChunk } from './request.js'
import type { Sql } from './sql.js'

/**
 * Keeps jobs in a SQLite database: for one host, with as many processes as you like.
 *
 * `via` of `insert` and `commit` is the client itself while a transaction is open on it. The work is then done
 * before the call returns, so that it can stand inside `client.transaction(() => ...)`, and a failure is thrown
 * at once, so that it ends that transaction.
 *
 * @param source A better-sqlite3 `Database` of yours, which stays yours to close, or the name of a file.
 * @throws {OptionsError} when an option is out of range.
 */
export function sqliteStore(source: string | SqliteClient, options: SqliteStoreOptions = {}): Store {
  const settings = settingsFrom(options)
  const listeners = new Set<Listener>()
  let connecting: Promise<Connection> | undefined
  let connection: Connection | undefined

  function connected(): Connection {
    if (connection) return connection
    throw new StoreError('store_closed', 'sqlite', 'The store is not open: call open() first.')
  }

  async function ask<Result>(question: (sql: Sql) => Result): Promise<Result> {
    const { read, sql } = connected()
    return read(() => question(sql))
  }

  async function change<Result>(work: (sql: Sql) => Result): Promise<Result> {
    const { write, sql } = connected()
    return write(() => work(sql))
  }

  /** Not async: see `Transactions.join`. */
  function changeVia<Result>(via: Transaction | undefined, work: (sql: Sql) => Result): Promise<Result> {
    if (!via) return change(work)
    const { join, sql } = connected()
    return join(via, () => work(sql))
  }

  function wakeAll() {
    for (const listener of listeners) listener.wake()
  }

  return {
    name: 'sqlite',

    async open() {
      connecting ??= connect(source, settings)
      const mine = connecting
      try {
        const opened = await mine
        if (connecting === mine) connection = opened
      } catch (error) {
        if (connecting === mine) connecting = undefined
        throw error
      }
    },

    insert(jobs, via) {
      const answer = changeVia(via, sql => insertJobs(sql, jobs))
      return via ? answer : andThen(answer, wakeAll)
    },

    async claim(request) {
      const worthTheLock = await ask(sql => mayClaim(sql, request))
      return worthTheLock ? change(sql => claimJobs(sql, request)) : []
    },

    commit(writes, via) {
      const answer = changeVia(via, sql => (via ? commitAll(sql, writes) : commitWrites(sql, writes)))
      return via || !letsGo(writes) ? answer : andThen(answer, wakeAll)
    },

    async request(wish, filter) {
      const behind = (after: number) => change(sql => carryOutChunk(sql, wish, filter, after))
      let chunk = await behind(0)
      let total = chunk.changed
      while (chunk.next !== null) {
        await setImmediate()
        chunk = await behind(chunk.next)
        total += chunk.changed
      }
      if (total > 0) wakeAll()
      return total
    },

    get: id => ask(sql => getJob(sql, id)),
    list: (filter, page) => ask(sql => listJobs(sql, filter, page)),
    count: filter => ask(sql => countJobs(sql, filter)),
    // biome-ignore lint/suspicious/noExplicitAny: one body for the two overloads of the contract
    records: (jobId: string, kind: 'items' | 'logs', page): Promise<any> =>
      ask(sql => jobRecords(sql, jobId, kind, page)),

    async prune(rule) {
      let total = 0
      while (total < rule.limit) {
        const wanted = Math.min(rule.limit - total, pruneChunk)
        const pruned = await change(sql => pruneJobs(sql, rule, wanted))
        total += pruned
        if (pruned < wanted) break
        await setImmediate()
      }
      while (await change(sweepRecords)) await setImmediate()
      return total
    },

    cell: name => ask(sql => getCell(sql, name)),
    swap: (name, swap) => change(sql => swapCell(sql, name, swap)),

    async listen(wake) {
      const listener = listenTo(connected().ear, wake, settings)
      listeners.add(listener)
      return async () => {
        listeners.delete(listener)
        await listener.stop()
      }
    },

    async close() {
      const closing = connecting
      connecting = connection = undefined
      await Promise.all([...listeners].map(listener => listener.stop()))
      listeners.clear()
      const opened = await closing?.catch(() => undefined)
      await opened?.settled()
      opened?.release()
    },
  }
}

async function andThen<Result>(answer: Promise<Result>, after: () => void): Promise<Result> {
  const result = await answer
  after()
  return result
}
