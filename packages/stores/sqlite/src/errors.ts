import { isLonghaulError, StoreError, type StoreErrorCode } from '@longhaul/core/store'

interface Meaning {
  readonly code: StoreErrorCode
  readonly message: string
  readonly retryable?: boolean
}

/** What SQLite's primary result codes mean to the person who reads the error. */
const meanings: Readonly<Record<string, Meaning>> = {
  SQLITE_NOTADB: { code: 'not_a_store', message: 'The file is not a SQLite database. It was left as it is.' },
  SQLITE_CORRUPT: { code: 'not_a_store', message: 'The database file is damaged. Restore it from a backup.' },
  SQLITE_CANTOPEN: {
    code: 'store_unavailable',
    message: 'The database file cannot be opened. Does its folder exist, and may this process write there?',
  },
  SQLITE_READONLY: {
    code: 'store_unavailable',
    message: 'The database is read-only here. The store must be able to write the file and its folder.',
  },
  SQLITE_PERM: { code: 'store_unavailable', message: 'This process may not use the database file.' },
  SQLITE_FULL: {
    code: 'store_unavailable',
    message: 'The disk is full: nothing was written.',
    retryable: true,
  },
  SQLITE_IOERR: {
    code: 'store_unavailable',
    message: 'The disk failed under the database.',
    retryable: true,
  },
  SQLITE_BUSY: { code: 'store_busy', message: 'Another connection holds the database.', retryable: true },
  SQLITE_LOCKED: { code: 'store_busy', message: 'This connection holds a table.', retryable: true },
  ERR_DLOPEN_FAILED: {
    code: 'driver_unsupported',
    message: 'better-sqlite3 was built for another Node. Build it again: npm rebuild better-sqlite3',
  },
}

/** What better-sqlite3 refuses by itself carries no code. */
const refusals: readonly (readonly [RegExp, Meaning])[] = [
  [
    /directory does not exist/,
    { code: 'store_unavailable', message: 'The folder of the database file does not exist.' },
  ],
  [/connection is not open/, { code: 'store_closed', message: 'The database connection is closed.' }],
  [
    /could not locate the bindings/i,
    {
      code: 'driver_unsupported',
      message: 'better-sqlite3 was installed without its binary. Build it: npm rebuild better-sqlite3',
    },
  ],
]

/** Whatever a client threw, as an error of this store. */
export function toStoreError(error: unknown): Error {
  if (isLonghaulError(error)) return error as unknown as Error
  const { code, message, retryable } = meaningOf(error)
  return new StoreError(code, 'sqlite', message, { retryable: retryable ?? false, cause: error })
}

export function isBusy(error: unknown): boolean {
  return isLonghaulError(error)
    ? (error as unknown as { code: unknown }).code === 'store_busy'
    : meaningOf(error).code === 'store_busy'
}

function meaningOf(error: unknown): Meaning {
  const { code, message } = error as { code?: unknown; message?: unknown }
  const primary = typeof code === 'string' ? code.replace(/^(SQLITE_[A-Z]+)_.*/, '$1') : ''
  const known = meanings[primary] ?? refusals.find(([pattern]) => pattern.test(String(message)))?.[1]
  return known ?? { code: 'store_failed', message: `The store failed: ${message}` }
}
