import { entryMaker, type WorkizJob, type WorkizStore } from '@longhaul/workiz'
import { sqliteWorkizStore } from '@longhaul/workiz/sqlite'
import { openDatabase } from './database.js'

export const account = { tenantId: 'demo', accountId: 'los-angeles' } as const
export const accountTimeZone = 'America/Los_Angeles'

/** The app that longhaul is added to: a CRM with a table of Workiz jobs. */
export interface AppDatabase {
  readonly store: WorkizStore
  /** How many records the run began with; 0 when none was begun. */
  readonly begunWith: number
  rows(): Promise<number>
  /** Puts in these records, and no others, all or none. */
  fill(jobs: readonly WorkizJob[]): Promise<void>
  close(): void
}

/** @throws {Problem} also while another process has it open. */
export function openAppDatabase(file: string): AppDatabase {
  const database = openDatabase(file, { sole: true })
  const store = sqliteWorkizStore(database)

  return {
    store,
    get begunWith() {
      return database.pragma('user_version', { simple: true }) as number
    },
    rows: () => store.count(account.tenantId, account.accountId),
    async fill(jobs) {
      database.exec('begin; delete from workiz_jobs')
      const entries = jobs.map(entryMaker(accountTimeZone))
      await store.upsertMany(account.tenantId, account.accountId, entries, { fetchedAt: longAgo })
      database.exec(`pragma user_version = ${jobs.length}; commit`)
    },
    close: () => database.close(),
  }
}

const longAgo = '2025-11-01T00:00:00.000Z'
