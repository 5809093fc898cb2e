import { randomUUID } from 'node:crypto'
import { type PostgresStoreOptions, postgresStore } from '@longhaul/postgres'
import pg from 'pg'

export { aJob, someJobs, upTo } from '@longhaul/conformance'

/** Leads to the server to test on. Each test has a schema of its own there, and drops it. */
export const serverUrl = process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/test'

/** Set where the machine has no server. */
export const noServer = process.env.TEST_POSTGRES_URL_MISSING !== undefined

interface PoolOptions {
  readonly url?: string
  readonly max?: number
  /** What each connection begins with. */
  readonly settings?: Readonly<Record<string, string>>
}

export function aPool({ url = serverUrl, max = 10, settings = {} }: PoolOptions = {}): pg.Pool {
  // Only a power cut could tell the difference, and the tests are faster.
  const all = { synchronous_commit: 'off', ...settings }
  const options = Object.entries(all).map(([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, '\\$&')}`)
  const pool = new pg.Pool({ connectionString: url, max, options: options.join(' ') })
  pool.on('error', () => {})
  return pool
}

export function aSchema(name = 'test'): string {
  return `${name} ${randomUUID().slice(0, 8)}`
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A pool and an empty schema, and stores in it. All are gone after `cleanup`. */
export function aDatabase(options: PoolOptions = {}) {
  const pool = aPool(options)
  const schema = aSchema()
  const cleanups: (() => unknown)[] = [
    () => pool.end(),
    () => pool.query(`drop schema if exists ${quoted(schema)} cascade`),
  ]

  return {
    pool,
    schema,
    table: (name: string) => `${quoted(schema)}.${quoted(name)}`,
    onCleanup: (cleanup: () => unknown) => void cleanups.push(cleanup),

    async store(more: PostgresStoreOptions = {}, source: pg.Pool | string = pool) {
      const store = postgresStore(source, { schema, ...more })
      cleanups.push(() => store.close())
      await store.open()
      return store
    },

    async cleanup() {
      for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
    },
  }
}

/** A clock in the database that is the server's, moved on by what `advance` was told. */
export async function movableClock(pool: pg.Pool, schema: string) {
  const table = `${quoted(schema)}.test_clock`
  await pool.query(`create schema if not exists ${quoted(schema)}`)
  await pool.query(`create table ${table} (ms bigint); insert into ${table} values (0)`)
  return {
    now: `((floor(extract(epoch from clock_timestamp()) * 1000))::bigint + (select ms from ${table}))`,
    advance: async (ms: number) => void (await pool.query(`update ${table} set ms = ms + $1`, [ms])),
  }
}

/** How many rows of tables the server has read so far. */
export async function rowsRead(pool: pg.Pool, ...tables: string[]): Promise<number> {
  await new Promise(resolve => setTimeout(resolve, 1_100)) // the server reports what it counted once a second
  await pool.query('select') // at the end of a transaction
  const { rows } = await pool.query(
    `select sum(pg_stat_get_tuples_returned(name::regclass) + pg_stat_get_tuples_fetched(name::regclass)) as rows
     from unnest($1::text[]) as name`,
    [tables],
  )
  return Number(rows[0].rows)
}
