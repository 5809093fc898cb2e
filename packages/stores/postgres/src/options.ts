import { type Clock, OptionsError, type Random, systemClock, systemRandom } from '@longhaul/core/store'

export interface PostgresStoreOptions {
  /**
   * Where the tables live; made by `open()` if it is missing. Any name of 1 to 63 bytes, but none with `pg_` in front.
   *
   * @defaultValue `'longhaul'`
   */
  readonly schema?: string
  /** Stands before the name of every table. Any text of at most 40 bytes. @defaultValue none */
  readonly tablePrefix?: string
  /**
   * How long a call may take, with its wait for a connection and all its retries, before it fails with
   * `store_unavailable`; at least 1.
   *
   * @defaultValue 15_000
   */
  readonly timeoutMs?: number
  /** How many connections a pool made from a URL may have; at least 1. @defaultValue 10 */
  readonly maxConnections?: number
  /**
   * Whether workers of this store hear of new jobs by LISTEN, on a connection that is kept for it. A URL names the
   * server to listen at directly, where the pool goes through a pooler. `false` behind a transaction pooler.
   *
   * @defaultValue true
   */
  readonly listen?: boolean | string
  /** How often the listening connection is tried, at least 1. @defaultValue 15_000 */
  readonly heartbeatMs?: number
  /**
   * NOTIFY is sent at most this often, outside of every transaction; at least 1. `false` sends none.
   *
   * @defaultValue 20
   */
  readonly notifyEveryMs?: number | false
  /** Times retries, timeouts and heartbeats. Leases and due times are the server's. @defaultValue the system's clock */
  readonly clock?: Clock
  /** Spreads the retries of a transaction that lost against another. @defaultValue `Math.random` */
  readonly random?: Random
  /**
   * For tests: an SQL expression that takes the place of the server's clock, epoch milliseconds as `bigint`.
   * It becomes part of every statement as it is.
   */
  readonly now?: string
}

export type Settings = Required<PostgresStoreOptions>

/** In floating point, which is exact enough for centuries; `extract` would count in decimals, much more slowly. */
export const serverClock = "(floor(date_part('epoch', clock_timestamp()) * 1000))::bigint"

/** @throws {OptionsError} */
export function settingsFrom(options: PostgresStoreOptions): Settings {
  const settings: Settings = {
    schema: options.schema ?? 'longhaul',
    tablePrefix: options.tablePrefix ?? '',
    timeoutMs: options.timeoutMs ?? 15_000,
    maxConnections: options.maxConnections ?? 10,
    listen: options.listen ?? true,
    heartbeatMs: options.heartbeatMs ?? 15_000,
    notifyEveryMs: options.notifyEveryMs ?? 20,
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    now: options.now ?? serverClock,
  }
  for (const [name, isFine, rule] of rules(settings))
    if (!isFine) throw new OptionsError(name, `must be ${rule}.`)
  return settings
}

/** Longer names would be cut by the server, and two tables might become one. */
function rules(settings: Settings): readonly (readonly [keyof Settings, boolean, string])[] {
  const { schema, tablePrefix, timeoutMs, maxConnections, heartbeatMs, notifyEveryMs } = settings
  const isSchema = isName(schema, 63) && schema !== '' && !schema.startsWith('pg_')
  return [
    ['schema', isSchema, 'a name of 1 to 63 bytes, without NUL, and with no pg_ in front'],
    ['tablePrefix', isName(tablePrefix, 40), 'at most 40 bytes, without NUL'],
    ['timeoutMs', timeoutMs >= 1, 'at least 1'],
    ['maxConnections', Number.isInteger(maxConnections) && maxConnections >= 1, 'a whole number from 1 on'],
    ['heartbeatMs', heartbeatMs >= 1, 'at least 1'],
    ['notifyEveryMs', notifyEveryMs === false || notifyEveryMs >= 1, 'at least 1, or false'],
  ]
}

function isName(text: string, most: number): boolean {
  return text.isWellFormed() && !text.includes('\0') && Buffer.byteLength(text) <= most
}
