import { isLonghaulError, StoreError, type StoreErrorCode } from '@longhaul/core/store'

interface Meaning {
  readonly code: StoreErrorCode
  readonly message: string
  readonly retryable?: boolean
}

const away = (message: string): Meaning => ({ code: 'store_unavailable', message, retryable: true })
const refused = (message: string): Meaning => ({ code: 'store_unavailable', message })
const busy: Meaning = {
  code: 'store_busy',
  message: 'Another transaction was in the way.',
  retryable: true,
}

/** What a code means to the person who reads the error: an SQLSTATE, its class, or a code of Node's sockets. */
const meanings: Readonly<Record<string, Meaning>> = {
  '40001': busy,
  '40P01': busy,
  '55P03': busy,
  '08': away('The connection to the server failed.'),
  '57P': away('The server ended the connection: it stops, restarts or was told to.'),
  '57014': away('The server cancelled the statement: it took too long, or someone ended it.'),
  '25006': away(
    'The server is read-only: a standby, or set so. The connection was closed, to find the new primary.',
  ),
  '25P03': away('The server ended a transaction that stood still.'),
  '53': away('The server is out of connections, memory or disk space.'),
  '28': refused('The server refused the user or the password.'),
  '3D000': refused('The database does not exist.'),
  '42501': refused('The user may not do this. Grant it, or run the text of migrationSql() as another user.'),
  '3F000': { code: 'store_failed', message: 'The schema of the store is missing. Was open() called?' },
  '42P01': { code: 'store_failed', message: 'A table of the store is missing. Was open() called?' },
  '54000': { code: 'store_failed', message: 'A name is too long for an index: at most some 2,600 bytes.' },
  ENOTFOUND: away('The name of the server is not known.'),
  EAI_AGAIN: away('The name of the server could not be looked up.'),
}

const socketCode = /^E(CONN|PIPE|TIMEDOUT|HOST|NET)/

/** What pg says by itself carries no code. */
const refusals: readonly (readonly [RegExp, Meaning])[] = [
  [/after calling end on the pool/, { code: 'store_closed', message: 'The pool was ended.' }],
  [
    /terminated|not queryable|timeout|ended by|client was closed|connection error/i,
    away('The connection to the server was lost.'),
  ],
]

/** Whatever a client threw, as an error of this store. */
export function toStoreError(error: unknown): Error {
  if (isLonghaulError(error)) return error as unknown as Error
  const { code, message, retryable } = meaningOf(error)
  return new StoreError(code, 'postgres', message, { retryable: retryable ?? false, cause: error })
}

/** A transaction that lost against another one: all of it may be tried again at once. */
export function isBusy(error: unknown): boolean {
  return !isLonghaulError(error) && meaningOf(error) === busy
}

/** A connection that broke, or whose server can't be written: another one may do. */
export function isLost(error: unknown): boolean {
  const { code, retryable } = isLonghaulError(error)
    ? { code: undefined, retryable: false }
    : meaningOf(error)
  return code === 'store_unavailable' && retryable === true
}

/** Whether the connection is of no more use after this. */
export function isAway(error: unknown): boolean {
  const { code } = isLonghaulError(error) ? (error as unknown as { code: string }) : meaningOf(error)
  return code === 'store_unavailable'
}

function meaningOf(error: unknown): Meaning {
  const { code, message } = error as { code?: unknown; message?: unknown }
  const state = typeof code === 'string' ? code : ''
  if (socketCode.test(state)) return away('The server cannot be reached.')
  const known = meanings[state] ?? meanings[state.slice(0, 3)] ?? meanings[state.slice(0, 2)]
  const said = known ?? refusals.find(([pattern]) => !state && pattern.test(String(message)))?.[1]
  return said ?? { code: 'store_failed', message: `The store failed: ${message}` }
}
