import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serverUrl, type TransactionPooler, transactionPooler } from '../src/index.js'

const url = serverUrl('postgres')

describe.skipIf(!url)('a transaction pooler', () => {
  let pooler: TransactionPooler
  let clients: pg.Client[]
  beforeEach(async () => {
    pooler = await transactionPooler(url!)
    clients = []
  })
  afterEach(async () => {
    await Promise.all(clients.map(client => client.end()))
    await pooler.close()
  })

  async function connected(to = pooler.url) {
    const client = new pg.Client(to)
    client.on('error', () => {})
    clients.push(client)
    await client.connect()
    return client
  }

  const backendOf = async (client: pg.Client) =>
    (await client.query('select pg_backend_pid() as pid')).rows[0].pid as number

  it('runs each statement on another backend than the one before', async () => {
    const client = await connected()
    const first = await backendOf(client)
    const second = await backendOf(client)
    const third = await backendOf(client)

    expect(second).not.toBe(first)
    expect(third).not.toBe(second)
  })

  it('runs a transaction on one backend, until it is committed or rolled back', async () => {
    const client = await connected()
    for (const end of ['commit', 'rollback']) {
      await client.query('begin')
      const inside = await backendOf(client)
      expect(await backendOf(client)).toBe(inside)
      await client.query(end)
      expect(await backendOf(client)).not.toBe(inside)
    }
  })

  it('stays on the backend of a transaction that failed', async () => {
    const client = await connected()
    await client.query('begin')
    await expect(client.query('select 1 / 0')).rejects.toMatchObject({ code: '22012' })
    await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' })
    await client.query('rollback')
    expect((await client.query('select $1::int as one', [1])).rows).toEqual([{ one: 1 }])
  })

  it('loses named prepared statements, and keeps unnamed ones', async () => {
    const client = await connected()
    const named = { name: 'one', text: 'select $1::int as one', values: [1] }

    expect((await client.query(named)).rows).toEqual([{ one: 1 }])
    await expect(client.query(named)).rejects.toMatchObject({ code: '26000' })
    expect((await client.query({ ...named, name: '' })).rows).toEqual([{ one: 1 }])
  })

  it('loses SET, and lets another client meet it', async () => {
    const client = await connected()
    const timeZone = async (of: pg.Client) => (await of.query('show timezone')).rows[0].TimeZone
    const before = await timeZone(client)

    await client.query("set timezone to 'Asia/Tokyo'")
    expect(await timeZone(client)).toBe(before)

    const other = await connected()
    const met = [await timeZone(other), await timeZone(other), await timeZone(other)]
    expect(met).toContain('Asia/Tokyo')
  })

  it('loses advisory locks of the session, and keeps those of the transaction', async () => {
    const client = await connected()
    const other = await connected()
    const lock = async (of: pg.Client, call: string) =>
      (await of.query(`select ${call} as done`)).rows[0].done
    const key = Math.floor(Math.random() * 2 ** 31)

    await client.query(`select pg_advisory_lock(${key})`)
    expect(await lock(client, `pg_advisory_unlock(${key})`)).toBe(false)

    await client.query('begin')
    await client.query(`select pg_advisory_xact_lock(${key + 1})`)
    expect(await lock(other, `pg_try_advisory_xact_lock(${key + 1})`)).toBe(false)
    await client.query('commit')
    expect(await lock(other, `pg_try_advisory_xact_lock(${key + 1})`)).toBe(true)
  })

  it('loses LISTEN', async () => {
    const [listener, witness] = [await connected(), await connected(url)]
    const heard: string[] = []
    listener.on('notification', () => heard.push('listener'))
    const witnessed = new Promise(resolve => witness.on('notification', resolve))
    await witness.query('listen pooler_test')
    await listener.query('listen pooler_test')

    await witness.query('notify pooler_test')

    await witnessed
    await listener.query('select 1')
    expect(heard).toEqual([])
  })

  it('serves more clients than it has backends', async () => {
    await pooler.close()
    pooler = await transactionPooler(url!, { backends: 2 })
    const many = await Promise.all(Array.from({ length: 10 }, () => connected()))

    const backends = await Promise.all(many.flatMap(client => [backendOf(client), backendOf(client)]))
    expect(new Set(backends).size).toBe(2)
  })

  it('rolls back when a client leaves in the middle of a transaction', async () => {
    const [client, witness] = [await connected(), await connected(url)]
    await client.query('begin')
    const backend = await backendOf(client)
    await client.end()

    const lives = async () =>
      (await witness.query('select from pg_stat_activity where pid = $1', [backend])).rowCount
    await expect.poll(lives).toBe(0)
  })

  it('ends the client whose backend dies, and serves the others', async () => {
    const [client, other] = [await connected(), await connected()]
    await client.query('begin')
    const backend = await backendOf(client)

    await other.query('select pg_terminate_backend($1)', [backend])

    await expect(client.query('select 1')).rejects.toThrow()
    expect(await backendOf(other)).not.toBe(backend)
  })
})
