import {
  countOutcomes,
  distinct,
  type UpsertOutcome,
  type WorkizEntry,
  type WorkizRow,
  type WorkizStore,
} from './store.js'

/** The part of a SQLite client that is used here, as better-sqlite3 has it. */
export interface SqliteClient {
  exec(sql: string): unknown
  prepare(sql: string): { all(...values: unknown[]): unknown[] }
}

export interface SqliteWorkizStoreOptions {
  /** A plain SQL name. @defaultValue 'workiz_jobs' */
  readonly table?: string
}

/**
 * Keeps rows in one table of a SQLite database (3.38 or later), which is created when missing; one of an earlier
 * version is given the columns that it lacks. The whole job is the JSON in `job`.
 *
 * @throws {TypeError} when `table` is no plain SQL name.
 */
export function sqliteWorkizStore(
  client: SqliteClient,
  { table = 'workiz_jobs' }: SqliteWorkizStoreOptions = {},
): WorkizStore {
  if (!/^[A-Za-z_]\w*$/.test(table)) throw new TypeError(`"${table}" is no plain SQL name for a table`)
  client.exec(createSql(table))
  for (const column of ['run', 'outcome']) addColumn(client, table, column)
  const sql = statements(table)
  const query = <Row>(text: string, ...values: unknown[]) => client.prepare(text).all(...values) as Row[]

  return {
    async scan(tenant, account, after, limit) {
      return query<StoredRow>(sql.scan, tenant, account, after ?? '', limit).map(toRow)
    },

    async count(tenant, account) {
      return query<{ rows: number }>(sql.count, tenant, account)[0]?.rows ?? 0
    },

    async upsertMany(tenant, account, entries, { fetchedAt, run = null }) {
      const values = JSON.stringify(distinct(entries).map(toValue))
      const outcomes = query<StoredOutcome>(sql.upsert, tenant, account, fetchedAt, run, values)
      return countOutcomes(outcomes.map(({ outcome }) => outcome))
    },

    async deleteMany(tenant, account, uuids) {
      return query(sql.delete, tenant, account, JSON.stringify(uuids)).length
    },
  }
}

interface StoredRow {
  readonly uuid: string
  readonly hash: string
  readonly job_date_time: string | null
  readonly fetched_at: string
}

interface StoredOutcome {
  readonly outcome: UpsertOutcome
}

function toRow({ uuid, hash, job_date_time, fetched_at }: StoredRow): WorkizRow {
  return { uuid, hash, jobDateTime: job_date_time, fetchedAt: fetched_at }
}

/** The job stays text: SQLite would rewrite its numbers if it parsed them. */
function toValue({ uuid, hash, jobDateTime, job }: WorkizEntry): readonly (string | null)[] {
  return [uuid, hash, jobDateTime, JSON.stringify(job)]
}

const createSql = (table: string) => `
  create table if not exists ${table} (
    tenant text not null, account text not null, uuid text not null,
    hash text not null, job_date_time text, fetched_at text not null, job text not null,
    run text, outcome text,
    primary key (tenant, account, uuid)
  ) without rowid`

/** Another process may add it at the same moment. */
function addColumn(client: SqliteClient, table: string, column: string): void {
  const find = client.prepare(`select 1 from pragma_table_info('${table}') where name = ?`)
  const isThere = () => find.all(column).length > 0
  try {
    if (!isThere()) client.exec(`alter table ${table} add column ${column} text`)
  } catch (error) {
    if (!isThere()) throw error
  }
}

// A single statement per promise, over a JSON list: many rows, no transaction, and no limit on their number.
const statements = (table: string) => ({
  scan: `
    select uuid, hash, job_date_time, fetched_at from ${table}
    where tenant = ? and account = ? and uuid > ? order by uuid limit ?`,
  count: `select count(*) as rows from ${table} where tenant = ? and account = ?`,
  // The outcome is `upsertOutcome`, told from the row as it was before.
  upsert: `
    insert into ${table} (tenant, account, fetched_at, run, uuid, hash, job_date_time, job, outcome)
    select ?, ?, ?, ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, 'inserted' from json_each(?) where true
    on conflict (tenant, account, uuid) do update set
      outcome = case
        when run = excluded.run and outcome in ('inserted', 'updated') then outcome
        when hash = excluded.hash then 'unchanged'
        else 'updated'
      end,
      run = excluded.run, fetched_at = excluded.fetched_at,
      hash = excluded.hash, job_date_time = excluded.job_date_time, job = excluded.job
    returning outcome`,
  delete: `
    delete from ${table}
    where tenant = ? and account = ? and uuid in (select value from json_each(?)) returning uuid`,
})
