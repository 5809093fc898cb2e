import type { PostgresClient, PostgresPool, PostgresQuery } from '@longhaul/postgres'
import type pg from 'pg'
import { expectTypeOf, test } from 'vitest'

test('a pool and the clients of pg are what the store takes', () => {
  expectTypeOf<pg.Pool>().toExtend<PostgresPool>()
  expectTypeOf<pg.PoolClient>().toExtend<PostgresClient>()
  expectTypeOf<pg.Client>().toExtend<PostgresQuery>()
})
