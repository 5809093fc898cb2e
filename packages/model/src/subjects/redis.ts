import { randomUUID } from 'node:crypto'
import { redisStore } from '@longhaul/redis'
import { Redis } from 'ioredis'
import { withStandingScripts } from './standing-scripts.js'
import type { Source } from './subject.js'

/** Each subject has a namespace of its own, which goes with it. */
export function redisSource(url: string): Source {
  const client = new Redis(url)
  const standing = withStandingScripts(client)
  return {
    fresh: () => inNamespace(client, standing),
    end: () => client.disconnect(),
  }
}

async function inNamespace(client: Redis, standing: ReturnType<typeof withStandingScripts>) {
  const namespace = `model ${randomUUID()}`
  const store = redisStore(standing, { namespace })
  await store.open()
  return {
    store,
    setNow: async (ms: number) => void (await client.set(`{${namespace}}:clock`, ms)),
    async close() {
      await store.close()
      const keys = await client.keys(`{${namespace}}:*`)
      if (keys.length > 0) await client.unlink(...keys)
    },
  }
}
