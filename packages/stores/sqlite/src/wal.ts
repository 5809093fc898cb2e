import { statSync } from 'node:fs'
import type { Clock } from '@longhaul/core/store'
import { orElse } from './listen.js'
import type { Sql } from './sql.js'

/** The write-ahead log of a database. */
export interface Log {
  readonly sql: Sql
  /** `undefined` for a database in memory. */
  readonly file: string | undefined
  /** Does work that rather fails than waits for others. */
  waitingNever(work: () => unknown): void
}

export interface WalOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly onWarning: (message: string) => void
  /** SQLite begins to take the log back at 4 MB; one of this size is being kept from it, or was. */
  readonly largeBytes?: number
}

const lookEveryMs = 10_000
const megabyte = 1024 * 1024

/**
 * To be called after writes: looks at the write-ahead log now and then. What is written stays in the log for as long as
 * anyone reads a state of before, and then the log grows without a limit, and reads slow down with it: that is warned
 * of, once each time. A large log that nobody needs any more is cut down.
 */
export function watchOverLog(log: Log, options: WalOptions): () => void {
  const { file } = log
  const { clock, onWarning, largeBytes = 64 * megabyte } = options
  let nextLookAt = clock.now() + lookEveryMs
  let hasWarned = false

  return () => {
    if (!file || clock.now() < nextLookAt) return
    nextLookAt = clock.now() + lookEveryMs
    const isWaiting = sizeOf(file) > largeBytes && isKept(log, largeBytes)
    if (isWaiting && !hasWarned) onWarning(warning(file))
    hasWarned = isWaiting
  }
}

/** Whether someone keeps the log from being taken back. If not, it is cut down. */
function isKept({ sql, waitingNever }: Log, largeBytes: number): boolean {
  return orElse(false, () => {
    const { page_size = 0 } = sql.get<{ page_size: number }>('pragma page_size') ?? {}
    const { log = 0, checkpointed = 0 } = sql.get<Checkpoint>('pragma wal_checkpoint(passive)') ?? {}
    if (checkpointed < log) return (log - checkpointed) * page_size > largeBytes / 2
    waitingNever(() => sql.get('pragma wal_checkpoint(truncate)'))
    return false
  })
}

interface Checkpoint {
  readonly busy: number
  /** Pages in the log, and how many of them are in the database too. */
  readonly log: number
  readonly checkpointed: number
}

function sizeOf(file: string): number {
  return orElse(0, () => statSync(file).size)
}

function warning(file: string) {
  const size = Math.round(sizeOf(file) / megabyte)
  return (
    `${file} has grown to ${size} MB, for something has been reading the database for long: an open transaction, or a ` +
    'statement that was never read to its end. It goes on growing until that ends.'
  )
}
