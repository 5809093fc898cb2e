import { findPostgres } from '../postgres/binaries.js'
import { query } from '../postgres/query.js'
import { noPostgres, startPostgres } from '../postgres/server.js'
import { call } from '../redis/call.js'
import { hasRedis, noRedis, startRedis } from '../redis/server.js'

/** A store's server, as the tests of that store need it. */
export interface ServerKind {
  readonly name: 'postgres' | 'redis'
  /** The environment variable that leads the tests to a server. */
  readonly variable: string
  /** Where one usually listens, the best first. */
  readonly usual: readonly string[]
  /** Rejects with the reason why the tests can't use it. */
  check(url: string): Promise<unknown>
  /** Why `start` can't work on this machine. */
  whyNot(): string | undefined
  start(): Promise<{ readonly url: string; close(): Promise<void> }>
}

export const postgres: ServerKind = {
  name: 'postgres',
  variable: 'TEST_POSTGRES_URL',
  usual: ['postgres://postgres@127.0.0.1:5432/test', 'postgres://postgres@127.0.0.1:5432/postgres'],
  check: url => query(url, 'select 1'),
  whyNot: () => (findPostgres() ? undefined : noPostgres),
  start: startPostgres,
}

export const redis: ServerKind = {
  name: 'redis',
  variable: 'TEST_REDIS_URL',
  usual: ['redis://127.0.0.1:6379'],
  check: refusesWhenFull,
  whyNot: () => (hasRedis() ? undefined : noRedis),
  start: startRedis,
}

/** One that forgets keys when it is full is no place for jobs. */
async function refusesWhenFull(url: string): Promise<void> {
  const memory = String(await call(url, ['info', 'memory']))
  const kept = memory.includes('maxmemory_policy:noeviction')
  if (!kept) throw new Error('its maxmemory-policy is not noeviction')
}
