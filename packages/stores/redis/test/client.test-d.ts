import { type RedisClient, redisStore } from '@longhaul/redis'
import type { Cluster, Redis } from 'ioredis'
import { expectTypeOf, test } from 'vitest'

test('a client of ioredis fits', () => {
  expectTypeOf<Redis>().toExtend<RedisClient>()
  expectTypeOf<Cluster>().toExtend<RedisClient>()
  expectTypeOf(redisStore).parameter(0).toEqualTypeOf<string | RedisClient>()
})
