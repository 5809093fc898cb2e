import { storeConformance } from '@longhaul/conformance'
import { type PostgresStoreOptions, postgresStore } from '@longhaul/postgres'
import { transactionPooler } from '@longhaul/test-servers'
import type pg from 'pg'
import { afterAll, beforeAll, describe, test, vi } from 'vitest'
import { aPool, aSchema, movableClock, noServer, quoted, serverUrl } from './support.js'

vi.setConfig({ testTimeout: 120_000 })

interface Configuration {
  /** What each connection begins with. */
  readonly settings?: Readonly<Record<string, string>>
  readonly options?: PostgresStoreOptions
  /** Each transaction on another connection, so that nobody can listen. */
  readonly isPooled?: boolean
}

const configurations: Readonly<Record<string, Configuration>> = {
  'as it comes': {},
  'with odd names': { options: { schema: aSchema('We"ird; drop--'), tablePrefix: `{jobs} $1 @id's "` } },
  'where transactions are serializable': { settings: { default_transaction_isolation: 'serializable' } },
  'where sessions have another time zone': { settings: { timezone: 'Pacific/Chatham' } },
  'through a transaction pooler': { options: { listen: false }, isPooled: true },
}

describe.skipIf(noServer).each(Object.entries(configurations))('%s', (_, configuration) => {
  const { options = {}, isPooled = false } = configuration
  const place = { schema: aSchema(), ...options }
  let database: Awaited<ReturnType<typeof prepare>>

  beforeAll(async () => {
    database = await prepare(configuration, place)
  })
  afterAll(() => database.remove())

  async function setup() {
    const { pool, now, advance } = database
    await empty(pool, place)
    const another = () => postgresStore(pool, { ...place, now })
    return { store: another(), another, advance, transaction: () => begin(pool) }
  }
  const can = ['share', 'transactions', ...(isPooled ? [] : (['listen'] as const))] as const
  storeConformance({ test, describe, can, setup })
})

/** The tables are made once, and emptied for each promise. */
async function prepare({ settings = {}, isPooled }: Configuration, place: Place) {
  const pooler = isPooled ? await transactionPooler(serverUrl) : undefined
  const pool = aPool({ settings, max: 20, url: pooler?.url ?? serverUrl })
  const clock = await movableClock(pool, place.schema)
  await postgresStore(pool, { ...place, now: clock.now }).open()

  return {
    ...clock,
    pool,
    async remove() {
      await pool.query(`drop schema ${quoted(place.schema)} cascade`)
      await pool.end()
      await pooler?.close()
    },
  }
}

interface Place extends PostgresStoreOptions {
  readonly schema: string
}

async function empty(pool: pg.Pool, { schema, tablePrefix = '' }: Place) {
  const tables = ['jobs', 'edges', 'items', 'logs', 'removed', 'cells'].map(
    name => `delete from ${quoted(schema)}.${quoted(tablePrefix + name)}`,
  )
  await pool.query(tables.join(';'))
}

async function begin(pool: pg.Pool) {
  const client = await pool.connect()
  await client.query('begin')
  const end = async (how: string) => {
    await client.query(how)
    client.release()
  }
  return { via: client, commit: () => end('commit'), rollback: () => end('rollback') }
}
