import { randomUUID } from 'node:crypto'
import { postgresStore } from '@longhaul/postgres'
import pg from 'pg'
import type { Source } from './subject.js'

const tables = ['jobs', 'edges', 'items', 'logs', 'removed', 'cells']

/** One schema, made with the first subject and emptied for each one after it. */
export function postgresSource(url: string): Source {
  const pool = new pg.Pool({ connectionString: url, options: '-c synchronous_commit=off' })
  const schema = `model ${randomUUID().slice(0, 8)}`
  const made = makeClock(pool, schema)
  return {
    async fresh() {
      await made
      return emptied(pool, schema)
    },
    async end() {
      await pool.query(`drop schema if exists "${schema}" cascade`)
      await pool.end()
    },
  }
}

async function makeClock(pool: pg.Pool, schema: string) {
  await pool.query(`create schema "${schema}"`)
  await pool.query(`create table "${schema}".clock (ms bigint); insert into "${schema}".clock values (0)`)
}

async function emptied(pool: pg.Pool, schema: string) {
  const store = postgresStore(pool, { schema, listen: false, now: `(select ms from "${schema}".clock)` })
  await store.open()
  await pool.query(tables.map(table => `delete from "${schema}".${table}`).join(';'))
  return {
    store,
    setNow: async (ms: number) => void (await pool.query(`update "${schema}".clock set ms = ${ms}`)),
    close: store.close,
  }
}
