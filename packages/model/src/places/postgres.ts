import { randomUUID } from 'node:crypto'
import { postgresStore } from '@longhaul/postgres'
import pg from 'pg'
import { startMs } from '../time.js'
import type { Ground, Place } from './place.js'

/** One schema, whose tables are emptied for each place. */
export async function inPostgres(url: string): Promise<Ground> {
  const schema = `model_${randomUUID().slice(0, 8)}`
  // Only a power cut could tell the difference, and the tests are faster.
  const pool = new pg.Pool({ connectionString: url, max: 4, options: '-c synchronous_commit=off' })
  await pool.query(
    `create schema ${schema}; create table ${schema}.test_clock as select ${startMs}::bigint as ms`,
  )
  return {
    place: () => aPlace(pool, schema),
    async remove() {
      await pool.query(`drop schema ${schema} cascade`)
      await pool.end()
    },
  }
}

async function aPlace(pool: pg.Pool, schema: string): Promise<Place> {
  const now = `(select ms from ${schema}.test_clock)`
  const store = postgresStore(pool, { schema, now, listen: false, notifyEveryMs: false })
  await store.open()
  await pool.query(tables.map(table => `delete from ${schema}.${table}`).join(';'))
  return {
    store,
    setClock: async to => void (await pool.query(`update ${schema}.test_clock set ms = ${to}`)),
    remove: () => store.close(),
  }
}

const tables = ['jobs', 'edges', 'items', 'logs', 'removed', 'cells']
