import { StoreError, type Transaction } from '@longhaul/core/store'
import { oneAtATime, type Patience, patiently } from './busy.js'
import type { SqliteClient } from './client.js'
import { toStoreError } from './errors.js'

/** How work reaches the database. `work` is synchronous, so that no other work comes between. */
export interface Transactions {
  read<Result>(work: () => Result): Promise<Result>
  /** In a write transaction of its own, which is durable when the promise resolves. */
  write<Result>(work: () => Result): Promise<Result>
  /** In the caller's transaction, and done before this returns; a failure is thrown at once, to end that too. */
  join<Result>(via: Transaction, work: () => Result): Promise<Result>
  /** Resolves once every write that was asked for has ended. */
  settled(): Promise<void>
}

export interface TransactionOptions extends Patience {
  readonly busyTimeoutMs: number
}

export function transactionsOn(client: SqliteClient, options: TransactionOptions): Transactions {
  const inTurn = oneAtATime()
  const waitingBriefly = waitingAtMost(client, options.busyTimeoutMs)

  return {
    read: work => patiently(work, options),
    write: work => inTurn(() => patiently(() => immediately(client, waitingBriefly, work), options)),
    settled: () => inTurn(async () => {}),

    join(via, work) {
      if (via !== client || !client.inTransaction) return Promise.reject(notOurs(via === client))
      return Promise.resolve(inSavepoint(client, work))
    },
  }
}

/** A deferred transaction that begins to write can't wait for its turn, so ours never are. */
function immediately<Result>(client: SqliteClient, waitingBriefly: Waiting, work: () => Result): Result {
  if (client.inTransaction) throw callersTransactionIsOpen()
  waitingBriefly(() => client.exec('begin immediate'))
  try {
    const result = work()
    client.exec('commit')
    return result
  } catch (error) {
    if (client.inTransaction) client.exec('rollback')
    throw error
  }
}

type Waiting = (work: () => unknown) => void

/** SQLite waits for a lock by blocking the thread. A longer wait that the app has set is given back to it. */
export function waitingAtMost(client: SqliteClient, busyTimeoutMs: number): Waiting {
  const timeoutNow = client.prepare('pragma busy_timeout')
  return work => {
    const { timeout } = timeoutNow.get() as { timeout: number | bigint }
    if (timeout <= busyTimeoutMs) return void work()
    client.exec(`pragma busy_timeout = ${busyTimeoutMs}`)
    try {
      work()
    } finally {
      client.exec(`pragma busy_timeout = ${timeout}`)
    }
  }
}

function inSavepoint<Result>(client: SqliteClient, work: () => Result): Result {
  try {
    client.exec('savepoint longhaul')
    const result = work()
    client.exec('release longhaul')
    return result
  } catch (error) {
    if (client.inTransaction) client.exec('rollback to longhaul; release longhaul')
    throw toStoreError(error)
  }
}

function callersTransactionIsOpen() {
  const message = 'A transaction of the app is open on this connection. Pass the connection to join it.'
  return new StoreError('store_busy', 'sqlite', message, { retryable: true })
}

function notOurs(isClient: boolean) {
  const message = isClient
    ? 'The connection has no open transaction to join.'
    : 'Only a transaction on the connection that was passed to sqliteStore() can be joined: pass that connection.'
  return new StoreError('invalid_transaction', 'sqlite', message)
}
