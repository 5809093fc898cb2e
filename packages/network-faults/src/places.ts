import { randomUUID } from 'node:crypto'
import type { Store } from '@longhaul/core/store'
import { postgresStore } from '@longhaul/postgres'
import { redisStore } from '@longhaul/redis'
import { call, query, serverUrl } from '@longhaul/test-servers'

export type StoreName = 'postgres' | 'redis'

/** Jobs of one case, on the server that all tests share. */
export interface Place {
  /** Of the server, without anything in between. */
  readonly url: string
  /** Over whatever `url` leads through. */
  open(url: string, timeoutMs: number): Store
  /** Stands in whatever is sent on a connection that listens, and in nothing else. */
  readonly listening: string
  remove(): Promise<unknown>
}

export const places: Readonly<Record<StoreName, () => Place>> = {
  postgres() {
    const url = serverUrl('postgres') as string
    const schema = `faults_${randomUUID().slice(0, 8)}`
    const options = { schema, maxConnections: 4, heartbeatMs: 1_000 }
    return {
      url,
      open: (through, timeoutMs) => postgresStore(through, { ...options, timeoutMs }),
      listening: 'pg_listening_channels',
      remove: () => query(url, `drop schema if exists ${schema} cascade`),
    }
  },

  redis() {
    const url = serverUrl('redis') as string
    const namespace = `faults ${randomUUID().slice(0, 8)}`
    return {
      url,
      open: (through, callTimeoutMs) => redisStore(through, { namespace, callTimeoutMs }),
      listening: 'XREAD',
      remove: () => call(url, ['eval', removeLua, '0', `{${namespace}}:*`]),
    }
  },
}

const removeLua = `for _, key in ipairs(redis.call('keys', ARGV[1])) do redis.call('unlink', key) end`
