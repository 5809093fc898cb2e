import { StoreError } from '@longhaul/core/store'
import type { RedisClient } from './client.js'
import { longestSilenceMs } from './listen.js'
import type { Settings } from './options.js'

/** The longest pause before a connection that was lost is made again. */
const longestPauseMs = 1_000

/**
 * Connects with ioredis, which is loaded only now: a client that is passed in needs no driver. A connection whose
 * other end is gone without a word is given up when a call had no answer in its time, and calls go over a new one.
 */
export async function openUrl(url: string, { callTimeoutMs, random }: Settings): Promise<RedisClient> {
  const Driver = await loadDriver()
  const client: RedisClient = new Driver(url, {
    socketTimeout: Math.max(callTimeoutMs, longestSilenceMs),
    retryStrategy: attempt => (0.5 + random() / 2) * Math.min(longestPauseMs, 50 * 2 ** (attempt - 1)),
  })
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
