import { patiently } from './busy.js'
import type { SqliteClient } from './client.js'
import { openFile } from './driver.js'
import { toStoreError } from './errors.js'
import type { Settings } from './options.js'
import { migrate } from './schema.js'
import { type Sql, sqlOn } from './sql.js'
import { type Transactions, transactionsOn, waitingAtMost } from './transactions.js'

/** An open database with the store's tables. */
export interface Connection extends Transactions {
  readonly sql: Sql
  /** Closes what was opened here. */
  release(): void
}

/** @param source A client of the caller's, or the name of a file to open. */
export async function connect(source: string | SqliteClient, settings: Settings): Promise<Connection> {
  const isOurs = typeof source === 'string'
  const client = isOurs ? await opened(source, settings) : source
  const release = () => void (isOurs && client.close())
  try {
    return { ...(await prepared(client, settings)), release }
  } catch (error) {
    release()
    throw toStoreError(error)
  }
}

async function opened(file: string, { busyTimeoutMs }: Settings): Promise<SqliteClient> {
  try {
    return await openFile(file, busyTimeoutMs)
  } catch (error) {
    throw toStoreError(error)
  }
}

async function prepared(client: SqliteClient, settings: Settings) {
  const sql = sqlOn(client, settings.tablePrefix, () => settings.clock.now())
  const transactions = transactionsOn(client, settings)
  await patiently(() => makeDurable(client, settings), settings)
  await transactions.write(() => migrate(sql))
  warnOfDefect(sql, settings)
  return { ...transactions, sql }
}

/** In write-ahead mode readers and the writer don't wait for each other. */
function makeDurable(client: SqliteClient, { synchronous, busyTimeoutMs }: Settings) {
  waitingAtMost(client, busyTimeoutMs)(() => client.exec('pragma journal_mode = wal'))
  client.exec(`pragma synchronous = ${synchronous}`)
}

function warnOfDefect(sql: Sql, { onWarning }: Settings) {
  const version = sql.get<{ version: string }>('select sqlite_version() as version')?.version ?? ''
  if (!hasWalDefect(version)) return
  onWarning(
    `SQLite ${version} can damage a database that several connections write at once (sqlite.org/wal.html#walresetbug). ` +
      'Update better-sqlite3 to a version with SQLite 3.51.3 or newer.',
  )
}

export function hasWalDefect(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return major * 1e6 + minor * 1e3 + patch < 3_051_003
}
