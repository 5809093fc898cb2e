import type { Store } from '@longhaul/core/store'
import { postgresStore } from '@longhaul/postgres'
import { redisStore } from '@longhaul/redis'
import { sqliteStore } from '@longhaul/sqlite'

export const storeNames = ['sqlite', 'postgres', 'redis'] as const

export type StoreName = (typeof storeNames)[number]

/** No power cut is part of a soak: SQLite does without the disk's word at each commit, which is slow on many machines. */
export function openStore(name: StoreName, location: string): Store {
  if (name === 'sqlite') return sqliteStore(location, { synchronous: 'normal', onWarning() {} })
  return name === 'postgres' ? postgresStore(location) : redisStore(location)
}
