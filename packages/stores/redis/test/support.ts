import { randomUUID } from 'node:crypto'
import type { JobFilter, Store, Wish } from '@longhaul/core/store'
import { type RedisStoreOptions, redisStore } from '@longhaul/redis'
import { Redis } from 'ioredis'
import { type KeyName, keyNames } from '../src/scripts/script.js'

export { aJob, upTo } from '@longhaul/conformance'

/** The server that all tests share: its settings are never changed, and each test has a namespace of its own. */
export const url = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379'

/** Set where the machine has no server. */
export const noServer = process.env.TEST_REDIS_URL_MISSING !== undefined

export function connectRedis({ keyPrefix = '', to = url } = {}): Redis {
  const client = new Redis(to, { keyPrefix, retryStrategy: () => 20 })
  client.on('error', () => {})
  return client
}

export function anyNamespace(): string {
  return `test ${randomUUID()}`
}

/** An open store in a namespace of its own. All is gone after `cleanup`. */
export async function aStore(options: RedisStoreOptions = {}, to = url) {
  const client = connectRedis({ to })
  const namespace = anyNamespace()
  const stores: Store[] = []

  async function another(source: string | Redis = client) {
    const store = redisStore(source, { namespace, ...options })
    await store.open()
    stores.push(store)
    return store
  }

  return {
    client,
    namespace,
    store: await another(),
    another,
    key: (name: KeyName) => `{${namespace}}:${name}`,
    advance: (ms: number) => advance(client, namespace, ms),
    async cleanup() {
      for (const store of stores) await store.close()
      await client.unlink(...keysOf(namespace)).catch(() => {})
      client.disconnect()
    },
  }
}

/** All keys that a store with this namespace may have. */
export function keysOf(namespace: string): string[] {
  return keyNames.map(name => `{${namespace}}:${name}`)
}

export async function deleteNamespace(keyPrefix: string, namespace: string): Promise<void> {
  const client = connectRedis({ keyPrefix })
  await client.unlink(...keysOf(namespace))
  client.disconnect()
}

/** Moves the clock of a namespace on. */
export async function advance(client: Redis, namespace: string, ms: number): Promise<void> {
  await client.incrby(`{${namespace}}:clock`, Math.ceil(ms))
}

/** Sets the clock of a namespace, so that the real time that a test takes does not add up. */
export async function setClock(client: Redis, namespace: string, now: number): Promise<void> {
  const [seconds = 0, microseconds = 0] = await client.time()
  await client.set(`{${namespace}}:clock`, Math.round(now - 1_000 * seconds - microseconds / 1_000))
}

/**
 * What a wish answers, where it can be told beforehand. A cancel may come to a job that another one took along:
 * whether that counts depends on which of them the store comes to first.
 */
export async function wished(store: Store, wish: Wish, filter: JobFilter): Promise<number | undefined> {
  const changed = await store.request(wish, filter)
  return wish.kind === 'cancel' ? undefined : changed
}
