import { rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { shown } from './folder.js'
import { Problem } from './problem.js'

/** Marks a file as the demo's own, so that `--fresh` never wipes another one. "haul" in ASCII. */
const applicationId = 0x6861756c

/**
 * Opens a file of the demo, or makes it. A process that is about to end may hold it a moment longer.
 *
 * @param sole Keep all others out until it is closed, or the process dies.
 * @throws {Problem} when it is locked, or is not the demo's.
 */
export function openDatabase(file: string, { sole = false } = {}): Database.Database {
  let database: Database.Database | undefined
  try {
    database = new Database(file, { timeout: 2_000 })
    take(database, sole)
    return database
  } catch (error) {
    database?.close()
    throw asProblem(error, file)
  }
}

/** The log goes first: SQLite would take an old one for part of a new file. */
export function removeDatabase(file: string): void {
  for (const suffix of ['-wal', '-shm', '']) rmSync(file + suffix, { force: true })
}

/** Nothing is written before it is known whose file it is. */
function take(database: Database.Database, sole: boolean): void {
  if (sole) database.pragma('locking_mode = exclusive')
  const id = database.pragma('application_id', { simple: true })
  const tables = database.prepare('select count(*) from sqlite_master').pluck().get()
  if (id !== applicationId && !(id === 0 && tables === 0)) throw new NotOurs()
  database.pragma('journal_mode = wal')
  database.exec(`begin immediate; pragma application_id = ${applicationId}; commit`)
}

class NotOurs extends Error {
  readonly code = 'SQLITE_NOTADB'
}

function asProblem(error: unknown, file: string): unknown {
  const code = String((error as { code?: unknown }).code)
  const known = Object.keys(meanings).find(start => code.startsWith(start))
  return known ? new Problem(`${shown(file)} ${meanings[known]}`) : error
}

const meanings: Readonly<Record<string, string>> = {
  SQLITE_BUSY: 'is locked by another process. Is the demo running already? Stop it, or use another --data.',
  SQLITE_NOTADB: 'is not a file of this demo, so it stays untouched. Move it away, or use another --data.',
  SQLITE_CORRUPT: 'is damaged. Delete it, or use another --data.',
  SQLITE_CANTOPEN: 'cannot be opened. Is it a folder? Move it away, or use another --data.',
  SQLITE_READONLY: 'is read-only. Make it writable, or use another --data.',
}
