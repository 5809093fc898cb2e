import { StoreError, type Transaction } from '@longhaul/core/store'
import { patiently } from './busy.js'
import type { PostgresClient, PostgresPool, PostgresQuery } from './client.js'
import { type Deadline, deadlineIn } from './deadline.js'
import { openPool } from './driver.js'
import { isAway, toStoreError } from './errors.js'
import { migrate, surroundings } from './migrate.js'
import { type Names, namesIn } from './names.js'
import type { Settings } from './options.js'
import { type Sql, sqlOn } from './sql.js'
import { templatesOf } from './template.js'

/** How work reaches the database. */
export interface Connection {
  readonly names: Names
  /** On a client from the pool. Work that lost against another transaction is done again, so it must be repeatable. */
  run<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>
  /** In the caller's transaction, and once. */
  join<Result>(via: Transaction, work: (sql: Sql) => Promise<Result>): Promise<Result>
  /** A client to keep; the caller releases it. */
  checkOut(): Promise<PostgresClient>
  /** Closes what was opened here. */
  release(): Promise<void>
}

/** @param source A pool of the caller's, or a URL to connect to. */
export async function connect(source: string | PostgresPool, settings: Settings): Promise<Connection> {
  const isOurs = typeof source === 'string'
  const pool = isOurs ? await openPool(source, settings.maxConnections, settings.timeoutMs) : source
  pool.on('error', ignore)
  const release = async () => {
    // Sockets of a pool that was ended may still break: only a pool that lives on is without our listener.
    if (isOurs) await pool.end()
    else pool.removeListener('error', ignore)
  }
  try {
    return { ...(await prepared(pool, settings)), release }
  } catch (error) {
    await release()
    throw toStoreError(error)
  }
}

/** An idle connection that breaks is the pool's to replace; nobody who listens would mean the end of the process. */
function ignore() {}

async function prepared(pool: PostgresPool, settings: Settings) {
  const names = namesIn(settings)
  const template = templatesOf(names, settings.now)
  const plain = { names, template, timeoutMs: settings.timeoutMs, asksForReadCommitted: false }
  const { isReadCommitted } = await inTime(settings, deadline =>
    withClient(pool, deadline, async client => {
      const found = await surroundings(client, plain)
      await migrate(client, plain, found)
      return found
    }),
  )
  const dialect = { ...plain, asksForReadCommitted: !isReadCommitted }

  return {
    names,

    run: <Result>(work: (sql: Sql) => Promise<Result>) =>
      inTime(settings, deadline => withClient(pool, deadline, client => work(sqlOn(client, dialect)))),

    join<Result>(via: Transaction, work: (sql: Sql) => Promise<Result>) {
      if (!isTransaction(via)) return Promise.reject(notATransaction())
      return work(sqlOn(via, { ...plain, isJoined: true })).catch(error =>
        Promise.reject(toStoreError(error)),
      )
    },

    async checkOut() {
      const deadline = deadlineIn(settings.timeoutMs, settings.clock)
      return checkOut(pool, deadline).finally(deadline.clear)
    },
  }
}

async function inTime<Result>(settings: Settings, work: (deadline: Deadline) => Promise<Result>) {
  const deadline = deadlineIn(settings.timeoutMs, settings.clock)
  try {
    return await patiently(() => work(deadline), deadline, settings)
  } finally {
    deadline.clear()
  }
}

/** A client that failed to answer, or whose server can't be written, is closed rather than given back. */
async function withClient<Result>(
  pool: PostgresPool,
  deadline: Deadline,
  work: (client: PostgresClient) => Promise<Result>,
): Promise<Result> {
  const client = await checkOut(pool, deadline)
  client.on('error', ignore)
  try {
    const result = await deadline.hold(work(client))
    client.removeListener('error', ignore)
    client.release()
    return result
  } catch (error) {
    if (isAway(error)) client.release(true)
    else {
      client.removeListener('error', ignore)
      client.release()
    }
    throw error
  }
}

async function checkOut(pool: PostgresPool, deadline: Deadline): Promise<PostgresClient> {
  const connecting = pool.connect()
  try {
    return await deadline.hold(connecting)
  } catch (error) {
    connecting.then(
      late => late.release(),
      () => {},
    )
    throw error
  }
}

/** A pool has `query` too, but hands each statement to another connection. */
function isTransaction(via: Transaction): via is PostgresQuery {
  const { query, totalCount, getTransactionStatus } = via as Record<string, unknown>
  if (typeof query !== 'function' || totalCount !== undefined) return false
  return typeof getTransactionStatus !== 'function' || (via as PostgresQuery).getTransactionStatus?.() !== 'I'
}

function notATransaction() {
  const message =
    'Pass a client on which you have begun a transaction: one that pool.connect() gave, or your own.'
  return new StoreError('invalid_transaction', 'postgres', message)
}
