import { type Store, StoreError, type Transaction } from '@longhaul/core/store'
import { getCell, swapCell } from './cells.js'
import { claimJobs } from './claim.js'
import type { RedisClient } from './client.js'
import { commitWrites } from './commit.js'
import { connect } from './connect.js'
import type { Connection } from './connection.js'
import { insertJobs } from './insert.js'
import { type Listeners, listenersOn } from './listen.js'
import { type RedisStoreOptions, settingsFrom } from './options.js'
import { pruneJobs } from './prune.js'
import { countJobs, getJob, listJobs } from './queries.js'
import { jobRecords } from './records.js'
import { carryOut } from './request.js'

interface Opened {
  readonly connection: Connection
  readonly listeners: Listeners
}

/**
 * Keeps jobs in Redis 6.2 or newer, or Valkey: for many hosts and many jobs a second. What the server loses, the
 * store loses: see "What the server may lose" in the README.
 *
 * It can't join a transaction of yours: `via` is refused with `invalid_transaction`.
 *
 * @param source A `Redis` or `Cluster` of ioredis or iovalkey, which stays yours to close, or a URL.
 * @throws {OptionsError} when an option is out of range.
 */
export function redisStore(source: string | RedisClient, options: RedisStoreOptions = {}): Store {
  const settings = settingsFrom(options)
  let opening: Promise<Opened> | undefined
  let opened: Opened | undefined

  function current(): Opened {
    if (opened) return opened
    throw new StoreError('store_closed', 'redis', 'The store is not open: call open() first.')
  }

  async function connected(): Promise<Connection> {
    return current().connection
  }

  return {
    name: 'redis',

    async open() {
      opening ??= openWith(source, settings)
      const mine = opening
      try {
        const result = await mine
        if (opening === mine) opened = result
      } catch (error) {
        if (opening === mine) opening = undefined
        throw error
      }
    },

    async insert(jobs, via) {
      refuseTransaction(via)
      return insertJobs(current().connection, jobs)
    },

    async claim(request) {
      const { connection, listeners } = current()
      const { jobs, dueInMs } = await claimJobs(connection, request)
      if (dueInMs !== undefined) listeners.wakeIn(dueInMs)
      return jobs
    },

    async commit(writes, via) {
      refuseTransaction(via)
      return commitWrites(current().connection, writes)
    },

    request: async (wish, filter) => carryOut(await connected(), wish, filter),
    get: async id => getJob(await connected(), id),
    list: async (filter, page) => listJobs(await connected(), filter, page),
    count: async filter => countJobs(await connected(), filter),
    // biome-ignore lint/suspicious/noExplicitAny: one body for the two overloads of the contract
    records: async (jobId: string, kind: 'items' | 'logs', page): Promise<any> =>
      jobRecords(await connected(), jobId, kind, page),
    prune: async rule => pruneJobs(await connected(), rule),
    cell: async name => getCell(await connected(), name),
    swap: async (name, change) => swapCell(await connected(), name, change),
    listen: async wake => current().listeners.add(wake),
    hears: () => opened?.listeners.hear() === true,

    async close() {
      const closing = opening
      opening = opened = undefined
      const last = await closing?.catch(() => undefined)
      await last?.listeners.stop()
      last?.connection.release()
    },
  }
}

async function openWith(
  source: string | RedisClient,
  settings: ReturnType<typeof settingsFrom>,
): Promise<Opened> {
  const connection = await connect(source, settings)
  return { connection, listeners: listenersOn(connection, settings) }
}

function refuseTransaction(via: Transaction | undefined) {
  if (via === undefined) return
  const message =
    'The Redis store joins no transactions: leave `via` out, and use an outbox in your database.'
  throw new StoreError('invalid_transaction', 'redis', message)
}
