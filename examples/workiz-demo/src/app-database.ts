import { entryMaker, type WorkizEntry, type WorkizJob, type WorkizStore } from '@longhaul/workiz'
import { sqliteWorkizStore } from '@longhaul/workiz/sqlite'
import { type Database, openDatabase } from './database.js'

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
  const table = sqliteWorkizStore(database)
  database.exec(changesSql)

  return {
    store: exactOnRepeat(table, database),
    get begunWith() {
      return database.pragma('user_version', { simple: true }) as number
    },
    rows: () => table.count(account.tenantId, account.accountId),
    async fill(jobs) {
      database.exec('begin; delete from workiz_jobs; delete from changes')
      const entries = jobs.map(entryMaker(accountTimeZone))
      await table.upsertMany(account.tenantId, account.accountId, entries, { fetchedAt: longAgo })
      database.exec(`pragma user_version = ${jobs.length}; commit`)
    },
    close: () => database.close(),
  }
}

/**
 * After a kill a few records are worked again, and find their own change already there. For the counts to be those
 * of an unbroken run, what counts is what happened the first time.
 */
function exactOnRepeat(table: WorkizStore, database: Database): WorkizStore {
  const changed = database.prepare(changedSql).pluck()
  return {
    ...table,
    async upsertMany(tenant, account, entries, meta) {
      const repeated = changed.get(JSON.stringify(entries.map(toPair))) as number
      const counts = await table.upsertMany(tenant, account, entries, meta)
      return { ...counts, updated: counts.updated + repeated, unchanged: counts.unchanged - repeated }
    },
  }
}

function toPair({ uuid, hash }: WorkizEntry) {
  return [uuid, hash]
}

const longAgo = '2025-11-01T00:00:00.000Z'

/** The trigger is part of each upsert: a change and the note of it are there together, or neither is. */
const changesSql = `
  create table if not exists changes (uuid text primary key, hash text not null) without rowid;
  create trigger if not exists note_change after update on workiz_jobs when old.hash <> new.hash begin
    insert or replace into changes values (new.uuid, new.hash);
  end`

const changedSql = `
  select count(*) from changes
  where (uuid, hash) in (select value ->> 0, value ->> 1 from json_each(?))`
