import { Cluster } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canStart, type RedisCluster, startRedisCluster } from '../src/index.js'
import { call } from '../src/redis/call.js'

describe.skipIf(!canStart('redis'))('a Redis Cluster of its own', () => {
  let cluster: RedisCluster
  let client: Cluster
  beforeAll(async () => {
    cluster = await startRedisCluster({ appendonly: true })
    client = new Cluster(cluster.nodes.map(({ url }) => url))
  })
  afterAll(async () => {
    client.disconnect()
    await cluster.close()
  })

  it('keeps keys on three nodes', async () => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
    await Promise.all(keys.map(key => client.set(key, key)))

    const sizes = await Promise.all(cluster.nodes.map(({ url }) => call(url, ['dbsize'])))
    expect(sizes).not.toContain(0)
    expect(sizes.reduce((sum: number, size) => sum + Number(size), 0)).toBe(keys.length)
  })

  it('refuses a command on keys of different slots', async () => {
    await expect(client.mset('a', '1', 'b', '2')).rejects.toThrow('CROSSSLOT')
    await expect(client.mset('{tag}a', '1', '{tag}b', '2')).resolves.toBe('OK')
  })

  it('is whole again after a node was killed and came back', async () => {
    await client.set('foo', 'bar')
    for (const node of cluster.nodes) {
      await node.stop('kill')
      await node.start()
    }

    await expect.poll(() => client.get('foo').catch(() => 'down')).toBe('bar')
  })
})
