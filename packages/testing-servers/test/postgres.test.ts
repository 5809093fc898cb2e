import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canStart, type PostgresServer, startPostgres } from '../src/index.js'
import { query } from '../src/postgres/query.js'

describe.skipIf(!canStart('postgres'))('a Postgres of its own', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres({ settings: { max_connections: '17' } })
  })
  afterAll(() => server.close())

  it('runs with the settings asked for', async () => {
    const { rows } = await query(server.url, 'show max_connections')
    expect(rows).toEqual([{ max_connections: '17' }])
  })

  it.each(['fast', 'immediate'] as const)(
    'keeps what it acknowledged through a stop that is %s',
    async how => {
      await query(server.url, `create table survives_${how} as select 1 as row`)

      await server.stop(how)
      await expect(query(server.url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
      await server.start()

      expect((await query(server.url, `select * from survives_${how}`)).rows).toEqual([{ row: 1 }])
    },
  )

  it('tells its clients when it stops fast', async () => {
    const client = new pg.Client(server.url)
    const told = new Promise(resolve => client.once('error', resolve))
    client.on('error', () => {})
    await client.connect()

    await server.stop('fast')
    await server.start()

    expect(await told).toMatchObject({ code: '57P01' })
  })
})
