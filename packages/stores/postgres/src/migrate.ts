import { StoreError } from '@longhaul/core/store'
import type { PostgresQuery } from './client.js'
import { applied, migrations, versionsSql } from './schema.js'
import { type Dialect, type Sql, sqlOn } from './sql.js'

/** What a store finds where it is to live. */
export interface Surroundings {
  /** 0 where there are no tables. */
  readonly version: number
  readonly hasSchema: boolean
  readonly isReadCommitted: boolean
}

/** @throws {StoreError} when the server can't be written. */
export async function surroundings(client: PostgresQuery, dialect: Dialect): Promise<Surroundings> {
  const sql = sqlOn(client, dialect)
  const places = { schema: dialect.names.into('{schema}'), versions: dialect.names.into('{migrations}') }
  const found = await sql.get<Found>(foundSql, places)
  if (found?.read_only === 'on') throw readOnly()
  return {
    version: found?.versions ? await versionOf(sql) : 0,
    hasSchema: found?.schema != null,
    isReadCommitted: found?.isolation === 'read committed',
  }
}

/** Brings the tables to the newest version, in one transaction. One process does it, and the others wait. */
export async function migrate(client: PostgresQuery, dialect: Dialect, found: Surroundings): Promise<void> {
  if (isNewest(found.version)) return
  const { names } = dialect
  await client.query(
    `begin isolation level read committed; select pg_advisory_xact_lock(${names.lock('schema')})`,
  )
  try {
    if (!found.hasSchema) await client.query(names.into('create schema if not exists {schema}'))
    await client.query(names.into(versionsSql))
    await applyFrom(await versionOf(sqlOn(client, dialect)), text => client.query(names.into(text)))
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

async function applyFrom(version: number, run: (text: string) => Promise<unknown>) {
  if (isNewest(version)) return
  for (const [index, migration] of migrations.entries()) {
    if (index >= version) await run(`${migration}; ${applied(index + 1)}`)
  }
}

/** @throws {StoreError} `schema_too_new` */
function isNewest(version: number): boolean {
  if (version > migrations.length) throw tooNew(version)
  return version === migrations.length
}

async function versionOf(sql: Sql): Promise<number> {
  const found = await sql.get<{ version: number }>(
    'select coalesce(max(version), 0) as version from {migrations}',
  )
  return Number(found?.version ?? 0)
}

interface Found {
  readonly read_only: string
  readonly isolation: string
  readonly schema: string | null
  readonly versions: string | null
}

const foundSql = `
  select current_setting('transaction_read_only') as read_only, current_setting('transaction_isolation') as isolation,
    to_regnamespace(@schema)::text as schema, to_regclass(@versions)::text as versions`

function readOnly() {
  const message = 'The server is read-only: a standby, or set so. The store must be able to write.'
  return new StoreError('store_unavailable', 'postgres', message, { retryable: true })
}

function tooNew(version: number) {
  const message =
    `The tables have version ${version}, and this @longhaul/postgres knows versions up to ${migrations.length}. ` +
    'Update @longhaul/postgres here, or use another schema or tablePrefix.'
  return new StoreError('schema_too_new', 'postgres', message)
}
