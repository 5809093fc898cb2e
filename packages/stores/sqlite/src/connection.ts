import { patiently } from './busy.js'
import type { SqliteClient } from './client.js'
import { openFile } from './driver.js'
import { toStoreError } from './errors.js'
import { type Ear, orElse } from './listen.js'
import type { Settings } from './options.js'
import { migrate } from './schema.js'
import { type Sql, sqlOn } from './sql.js'
import { type Transactions, transactionsOn, waitingAtMost } from './transactions.js'
import { watchOverLog } from './wal.js'

/** An open database with the store's tables. */
export interface Connection extends Transactions {
  readonly sql: Sql
  readonly ear: Ear
  /** Closes what was opened here. */
  release(): void
}

/** @param source A client of the caller's, or the name of a file to open. */
export async function connect(source: string | SqliteClient, settings: Settings): Promise<Connection> {
  const isOurs = typeof source === 'string'
  const client = isOurs ? await opened(source, settings) : source
  const release = () => void (isOurs && client.close())
  try {
    return { ...(await prepared(client, isOurs, settings)), release }
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

async function prepared(client: SqliteClient, isOurs: boolean, settings: Settings) {
  const sql = sqlOn(client, settings.tablePrefix, () => settings.clock.now())
  const transactions = transactionsOn(client, settings)
  await patiently(() => makeDurable(client, settings), settings)
  await transactions.write(() => migrate(sql))
  warnOfDefect(sql, settings)
  const ear = earOn(client, isOurs, sql)
  const log = { sql, file: ear.files[0], waitingNever: waitingAtMost(client, 0) }
  return { ...afterWrites(transactions, watchOverLog(log, settings)), sql, ear }
}

function afterWrites(transactions: Transactions, look: () => void): Transactions {
  async function write<Result>(work: () => Result): Promise<Result> {
    const result = await transactions.write(work)
    look()
    return result
  }
  return { ...transactions, write }
}

/**
 * SQLite can't tell a process of another one's write, but counts them: `data_version` moves with the commits of other
 * connections, `total_changes` with the rows that this one wrote, which on a client of the app may be the app. Neither
 * reads a table. What an open transaction of the app wrote is no news yet.
 */
function earOn(client: SqliteClient, isOurs: boolean, sql: Sql): Ear {
  const text = `select data_version ${isOurs ? '' : "|| '.' || total_changes()"} as seen from pragma_data_version`
  const count = () => sql.get<{ seen: unknown }>(text)?.seen
  return {
    sql,
    files: filesOf(sql),
    writesSoFar: () => orElse(undefined, () => (client.inTransaction ? undefined : String(count()))),
  }
}

/** None for a database in memory. */
function filesOf(sql: Sql): string[] {
  const file = sql.get<{ file: string | null }>(
    "select file from pragma_database_list where name = 'main'",
  )?.file
  return file ? [`${file}-wal`, file] : []
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
