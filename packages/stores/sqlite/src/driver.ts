import { createRequire } from 'node:module'
import { StoreError } from '@longhaul/core/store'
import type { SqliteClient } from './client.js'

/** Opens a file with better-sqlite3, which is loaded only now: a client that is passed in needs no driver. */
export async function openFile(file: string, busyTimeoutMs: number): Promise<SqliteClient> {
  const refusal = unsupported(process.versions.napi, installedVersion)
  if (refusal) throw new StoreError('driver_unsupported', 'sqlite', refusal)
  const Driver = await loadDriver()
  return new Driver(file, { timeout: busyTimeoutMs })
}

async function loadDriver() {
  try {
    return (await import('better-sqlite3')).default
  } catch (cause) {
    const message =
      'better-sqlite3 could not be loaded. Install it beside @longhaul/sqlite: npm install better-sqlite3'
    throw new StoreError('driver_unsupported', 'sqlite', message, { cause })
  }
}

/**
 * Why this driver must not be constructed on this Node. From version 13 on, better-sqlite3 is built for
 * Node-API 10 and crashes the whole process where that is missing: on Node 20, and on 22 before 22.14.
 */
export function unsupported(
  nodeApi: string | undefined,
  driverVersion: () => string | undefined,
): string | undefined {
  if (Number(nodeApi) >= 10) return
  const version = driverVersion()
  if (version === undefined || Number.parseInt(version, 10) < 13) return
  return (
    `better-sqlite3 ${version} crashes on Node ${process.versions.node}: it needs Node 22.14 or newer. ` +
    'Update Node, or install the version before: npm install better-sqlite3@12'
  )
}

/** `undefined` where it can't be told, as in a bundle. */
function installedVersion(): string | undefined {
  try {
    const require = createRequire(typeof __filename === 'string' ? __filename : import.meta.url)
    return (require('better-sqlite3/package.json') as { version?: string }).version
  } catch {
    return undefined
  }
}
