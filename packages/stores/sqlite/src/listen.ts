import type { Clock } from '@longhaul/core/store'
import { anythingDue } from './due.js'
import type { Sql } from './sql.js'

export interface Listener {
  /** Passes a hint on, if a job is due. */
  wake(): void
  stop(): Promise<void>
}

export interface ListenOptions {
  readonly clock: Clock
  readonly listenEveryMs: number
}

/**
 * Calls `wake` when something was written and a job is due. SQLite can't tell a process of another one's
 * write, so this looks at two counters: `data_version` moves with the commits of other connections,
 * `total_changes` with the rows that this connection wrote. Neither reads a table.
 */
export function listenTo(sql: Sql, wake: () => unknown, { clock, listenEveryMs }: ListenOptions): Listener {
  const stopping = new AbortController()
  const { signal } = stopping
  const stopped = look()

  async function look() {
    let seen = writesSoFar(sql)
    while (!signal.aborted) {
      await clock.sleep(listenEveryMs, { background: true, signal })
      const now = writesSoFar(sql)
      if (now !== seen) hint()
      seen = now
    }
  }

  /** What a listener does, or throws, is not the store's business. */
  function hint() {
    if (signal.aborted || !isDue(sql)) return
    Promise.resolve()
      .then(wake)
      .catch(() => {})
  }

  return {
    wake: hint,
    async stop() {
      stopping.abort()
      await stopped
    },
  }
}

/** `undefined` while the database can't be read. */
function writesSoFar(sql: Sql): string | undefined {
  return orElse(undefined, () => sql.get<{ seen: string }>(writesSql)?.seen)
}

function isDue(sql: Sql): boolean {
  return orElse(true, () => anythingDue(sql))
}

function orElse<Value>(otherwise: Value, read: () => Value): Value {
  try {
    return read()
  } catch {
    return otherwise
  }
}

const writesSql = "select data_version || '.' || total_changes() as seen from pragma_data_version"
