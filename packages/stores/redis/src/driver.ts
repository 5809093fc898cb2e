import { StoreError } from '@longhaul/core/store'
import type { RedisClient } from './client.js'

/** Connects with ioredis, which is loaded only now: a client that is passed in needs no driver. */
export async function openUrl(url: string): Promise<RedisClient> {
  const Driver = await loadDriver()
  const client: RedisClient = new Driver(url)
  client.on('error', () => {}) // each call that fails says so itself
  return client
}

async function loadDriver() {
  try {
    return (await import('ioredis')).Redis
  } catch (cause) {
    const message = 'ioredis could not be loaded. Install it beside @longhaul/redis: npm install ioredis'
    throw new StoreError('driver_unsupported', 'redis', message, { cause })
  }
}
