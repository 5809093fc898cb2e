import { randomUUID } from 'node:crypto'
import { redisStore } from '@longhaul/redis'
import { Redis } from 'ioredis'
import type { Ground, Place } from './place.js'

/** A namespace for each place. */
export function inRedis(url: string): Ground {
  const client = new Redis(url)
  return { place: () => aPlace(client, `model ${randomUUID()}`), remove: () => client.disconnect() }
}

async function aPlace(client: Redis, namespace: string): Promise<Place> {
  const store = redisStore(client, { namespace })
  await store.open()
  return {
    store,
    setClock: now => setClock(client, namespace, now),
    async remove() {
      await store.close()
      await client.eval(removeLua, 0, `{${namespace}}:*`)
    },
  }
}

/** The server's clock goes on from there: only durations and instants that are rounded can be compared. */
async function setClock(client: Redis, namespace: string, now: number): Promise<void> {
  const [seconds, microseconds] = await client.time()
  const serverMs = 1_000 * Number(seconds) + Math.floor(Number(microseconds) / 1_000)
  await client.set(`{${namespace}}:clock`, now - serverMs)
}

const removeLua = `for _, key in ipairs(redis.call('keys', ARGV[1])) do redis.call('unlink', key) end`
