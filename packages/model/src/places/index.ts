import { serverUrl } from '@longhaul/test-servers'
import { inMemory } from './memory.js'
import type { Ground } from './place.js'
import { inPostgres } from './postgres.js'
import { inRedis } from './redis.js'
import { inSqlite } from './sqlite.js'

export type { Ground, Place } from './place.js'

const postgresUrl = serverUrl('postgres')
const redisUrl = serverUrl('redis')

/** Not yet: a commit on Redis loses a write before one that brings follow-up jobs. */
const withRedis: boolean = false

/** Every store that is there to be compared. The others must agree with the first. */
export const grounds: readonly (() => Promise<Ground> | Ground)[] = [
  inMemory,
  inSqlite,
  ...(postgresUrl ? [() => inPostgres(postgresUrl)] : []),
  ...(withRedis && redisUrl ? [() => inRedis(redisUrl)] : []),
]
