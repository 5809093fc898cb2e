/** What runs a statement: a client in a transaction of yours. A `Client` or `PoolClient` of pg is one. */
export interface PostgresQuery {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[] }>
  /** `'I'` while no transaction is open. */
  getTransactionStatus?(): unknown
}

/** A connection that was taken from a pool. */
export interface PostgresClient extends PostgresQuery {
  on(event: 'error' | 'end', listener: (error?: Error) => void): unknown
  on(event: 'notification', listener: (message: PostgresNotification) => void): unknown
  removeListener(event: 'error', listener: (error?: Error) => void): unknown
  /** With `true`, the connection is closed and never given out again. */
  release(destroy?: boolean): void
}

export interface PostgresNotification {
  readonly channel: string
  readonly payload?: string | undefined
}

/** The part of a pool that the store uses. A `Pool` of pg is one. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>
  on(event: 'error', listener: (error: Error) => void): unknown
  removeListener(event: 'error', listener: (error: Error) => void): unknown
  end(): Promise<unknown>
}
