import { type Clock, OptionsError, type Random, systemClock, systemRandom } from '@longhaul/core/store'

export interface RedisStoreOptions {
  /**
   * Stands in braces before the name of every key, so that all of them are in one slot of a cluster. Two apps, or
   * two environments, that share a server need two. From 1 to 100 characters, without braces.
   *
   * @defaultValue `'longhaul'`
   */
  readonly namespace?: string
  /**
   * How long a call may take before it fails with `store_unavailable`, from 100.
   *
   * @defaultValue 10_000
   */
  readonly callTimeoutMs?: number
  /**
   * Opens even where the server may evict keys when its memory is full, or is a replica. Jobs may then vanish.
   *
   * @defaultValue false
   */
  readonly allowUnsafeServer?: boolean
  /** Measures how long calls take and pauses between two tries; leases and due times go by the server's clock. */
  readonly clock?: Clock
  /** Spreads the tries to connect again. @defaultValue `Math.random` */
  readonly random?: Random
}

export type Settings = Required<RedisStoreOptions>

/** @throws {OptionsError} */
export function settingsFrom(options: RedisStoreOptions): Settings {
  const settings: Settings = {
    namespace: options.namespace ?? 'longhaul',
    callTimeoutMs: options.callTimeoutMs ?? 10_000,
    allowUnsafeServer: options.allowUnsafeServer ?? false,
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
  }
  for (const [name, isFine, rule] of rules(settings))
    if (!isFine) throw new OptionsError(name, `must be ${rule}.`)
  return settings
}

function rules({ namespace, callTimeoutMs }: Settings): readonly (readonly [string, boolean, string])[] {
  const isName = /^[^{}]{1,100}$/u.test(namespace) && namespace.isWellFormed()
  return [
    ['namespace', isName, '1 to 100 characters, without braces'],
    ['callTimeoutMs', Number.isFinite(callTimeoutMs) && callTimeoutMs >= 100, 'at least 100'],
  ]
}
