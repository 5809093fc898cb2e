import { createRunner } from '@longhaul/core'
import { sqliteStore } from '@longhaul/sqlite'
import Database from 'better-sqlite3'
import { pageTable } from './page-table.js'
import { readPages } from './read-pages.js'

export interface AppOptions {
  /** The file that holds the app's table and the jobs. */
  readonly database: string
  readonly site: string
  readonly batchSize: number
}

export function openApp({ database, site, batchSize }: AppOptions) {
  const client = new Database(database)
  const table = pageTable(client)
  const processor = readPages({ site, table, batchSize })
  // A page takes milliseconds: a process that was silent for two seconds is dead, and its job may go on.
  const runner = createRunner({
    store: sqliteStore(client),
    processors: [processor],
    leaseMs: 2_000,
    pollMs: 200,
  })

  async function close() {
    await runner.close()
    client.close()
  }
  return { runner, processor, table, close }
}
