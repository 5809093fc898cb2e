import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type Database from 'better-sqlite3'

export { aJob, upTo } from '@longhaul/conformance'

/** A path in a folder of its own, which `remove` deletes. */
export function temporaryFile() {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-sqlite-'))
  return { file: join(folder, 'jobs.db'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** For processes of their own, which no alias of the test runner reaches: the driver that fits this Node. */
export async function openClient(file: string): Promise<Database.Database> {
  const driver = Number(process.versions.napi) >= 10 ? 'better-sqlite3-13' : 'better-sqlite3'
  const { default: Driver } = (await import(driver)) as { default: typeof Database }
  return new Driver(file)
}

/** How a numbered job ends, where some are to fail. */
export function endOf(id: string): 'completed' | 'failed' {
  return Number(id) % 40 === 7 ? 'failed' : 'completed'
}
