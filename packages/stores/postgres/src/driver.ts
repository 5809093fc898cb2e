import { StoreError } from '@longhaul/core/store'
import type { PostgresPool } from './client.js'

/** Makes a pool with pg, which is loaded only now: a pool that is passed in needs no driver. */
export async function openPool(url: string, max: number): Promise<PostgresPool> {
  const { Pool } = await loadDriver()
  return new Pool({ connectionString: url, max, keepAlive: true })
}

async function loadDriver() {
  try {
    return (await import('pg')).default
  } catch (cause) {
    const message = 'pg could not be loaded. Install it beside @longhaul/postgres: npm install pg'
    throw new StoreError('driver_unsupported', 'postgres', message, { cause })
  }
}
