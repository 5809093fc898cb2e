import type { Store } from '@longhaul/core/store'
import { postgresStore } from '@longhaul/postgres'
import { redisStore } from '@longhaul/redis'
import { sqliteStore } from '@longhaul/sqlite'

export const storeNames = ['sqlite', 'postgres', 'redis'] as const

export type StoreName = (typeof storeNames)[number]

export function openStore(name: StoreName, location: string): Store {
  if (name === 'sqlite') return sqliteStore(location, { onWarning() {} })
  return name === 'postgres' ? postgresStore(location) : redisStore(location)
}
