import { storeConformance } from '@longhaul/conformance'
import { redisStore } from '@longhaul/redis'
import { canStart, type RedisCluster, startRedisCluster } from '@longhaul/test-servers'
import { Cluster } from 'ioredis'
import { afterAll, beforeAll, describe, test, vi } from 'vitest'
import { anyNamespace, keysOf } from './support.js'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe.skipIf(!canStart('redis'))('on a cluster of three', () => {
  let cluster: RedisCluster
  beforeAll(async () => {
    cluster = await startRedisCluster()
  })
  afterAll(() => cluster.close())

  storeConformance({ test, describe, can: ['share', 'listen'], setup: () => onCluster(cluster) })
})

/** The namespaces of the tests are spread over all nodes; each is in one slot. */
function onCluster({ nodes }: RedisCluster) {
  const namespace = anyNamespace()
  const client = new Cluster(nodes.map(({ port }) => ({ host: '127.0.0.1', port })))
  client.on('error', () => {})
  const store = () => redisStore(client, { namespace })

  return {
    store: store(),
    another: store,
    advance: async (ms: number) => void (await client.incrby(`{${namespace}}:clock`, Math.ceil(ms))),
    async cleanup() {
      await client.unlink(...keysOf(namespace))
      client.disconnect()
    },
  }
}
