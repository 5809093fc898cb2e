/** The part of a SQLite client that the store uses. A better-sqlite3 `Database` is one. */
export interface SqliteClient {
  readonly open: boolean
  readonly inTransaction: boolean
  exec(sql: string): unknown
  prepare(sql: string): SqliteStatement
  close(): unknown
}

/** A prepared statement. Named parameters come as one object, the others as one list. */
export interface SqliteStatement {
  run(...values: unknown[]): { readonly changes: number | bigint }
  get(...values: unknown[]): unknown
  all(...values: unknown[]): unknown[]
  /** Rows come as lists of values from then on. */
  raw(on: boolean): unknown
  /** What the values of such a list are. */
  columns(): readonly { readonly name: string }[]
  /** The store asks for numbers, whatever the client's own default is. */
  safeIntegers?(on: boolean): unknown
}
