import { type Clock, OptionsError, type Random, systemClock, systemRandom } from '@longhaul/core/store'

export interface SqliteStoreOptions {
  /**
   * Stands before the name of every table. Letters, digits and underscores, at most 40, not first a digit.
   *
   * @defaultValue `'longhaul_'`
   */
  readonly tablePrefix?: string
  /**
   * `'full'`: what was acknowledged survives a power cut. `'normal'`: it survives a crash of the process, but a
   * power cut may take the last commits; several times faster on a slow disk. Holds for the whole connection.
   *
   * @defaultValue `'full'`
   */
  readonly synchronous?: 'full' | 'normal'
  /**
   * How long SQLite may block the event loop while it waits for another writer, from 0 to 100.
   *
   * @defaultValue 50
   */
  readonly busyTimeoutMs?: number
  /**
   * How long a call keeps trying, without blocking, before it fails with `store_busy`.
   *
   * @defaultValue 30_000
   */
  readonly busyRetryMs?: number
  /**
   * How often `listen` looks for writes of other connections where the file system does not tell of them, at least 1.
   * At 50 it takes half a percent of a core.
   *
   * @defaultValue 50
   */
  readonly listenEveryMs?: number
  /** Decides leases and due times: all processes on the file must agree on it. @defaultValue the system's clock */
  readonly clock?: Clock
  /** Spreads the retries of a busy database. @defaultValue `Math.random` */
  readonly random?: Random
  /**
   * Hears of a SQLite with a known defect, and of a write-ahead log that a reader lets grow.
   *
   * @defaultValue `process.emitWarning`
   */
  readonly onWarning?: (message: string) => void
}

export type Settings = Required<SqliteStoreOptions>

/** @throws {OptionsError} */
export function settingsFrom(options: SqliteStoreOptions): Settings {
  const settings: Settings = {
    tablePrefix: options.tablePrefix ?? 'longhaul_',
    synchronous: options.synchronous ?? 'full',
    busyTimeoutMs: options.busyTimeoutMs ?? 50,
    busyRetryMs: options.busyRetryMs ?? 30_000,
    listenEveryMs: options.listenEveryMs ?? 50,
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    onWarning: options.onWarning ?? (message => process.emitWarning(message, 'LonghaulWarning')),
  }
  for (const [name, isFine, rule] of rules(settings))
    if (!isFine) throw new OptionsError(name, `must be ${rule}.`)
  return settings
}

/** The prefix and the words below become part of SQL, so nothing else may pass. */
function rules(settings: Settings): readonly (readonly [keyof Settings, boolean, string])[] {
  const { tablePrefix, synchronous, busyTimeoutMs, busyRetryMs, listenEveryMs } = settings
  const isName = /^(?!sqlite_)[a-z_][a-z0-9_]{0,39}$/i.test(tablePrefix)
  return [
    ['tablePrefix', isName, 'at most 40 letters, digits and underscores, not first a digit, and not sqlite_'],
    ['synchronous', synchronous === 'full' || synchronous === 'normal', "'full' or 'normal'"],
    [
      'busyTimeoutMs',
      Number.isInteger(busyTimeoutMs) && busyTimeoutMs >= 0 && busyTimeoutMs <= 100,
      'a whole number from 0 to 100',
    ],
    ['busyRetryMs', busyRetryMs >= 0, '0 or more'],
    ['listenEveryMs', listenEveryMs >= 1, 'at least 1'],
  ]
}
