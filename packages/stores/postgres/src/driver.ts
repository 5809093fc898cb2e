import { StoreError } from '@longhaul/core/store'
import type { PostgresPool } from './client.js'

/** Node's timers overflow above this and would fire at once. */
const longestTimerMs = 2 ** 31 - 1

/**
 * Makes a pool with pg, which is loaded only now: a pool that is passed in needs no driver. A connection that is not
 * made within `timeoutMs` is given up, for else a server that never greets it would keep its place in the pool.
 */
export async function openPool(url: string, max: number, timeoutMs: number): Promise<PostgresPool> {
  const { Pool } = await loadDriver()
  const connectionTimeoutMillis = Math.min(timeoutMs, longestTimerMs)
  return new Pool({ connectionString: url, max, keepAlive: true, connectionTimeoutMillis })
}

async function loadDriver() {
  try {
    return (await import('pg')).default
  } catch (cause) {
    const message = 'pg could not be loaded. Install it beside @longhaul/postgres: npm install pg'
    throw new StoreError('driver_unsupported', 'postgres', message, { cause })
  }
}
