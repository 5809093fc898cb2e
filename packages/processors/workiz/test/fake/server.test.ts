import { afterEach, describe, expect, test } from 'vitest'
import {
  createWorkizFake,
  hang,
  type Listening,
  refuse,
  reset,
  stall,
  truncate,
  type WorkizFakeOptions,
} from '../../src/fake/index.js'
import { WorkizClient } from '../../src/index.js'
import { failureOf } from '../support.js'

const open: Listening[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(server => server.close()))
})

async function serve(options: WorkizFakeOptions = {}) {
  const fake = createWorkizFake({ rate: null, ...options })
  const server = await fake.listen()
  open.push(server)
  const client = new WorkizClient({
    apiToken: fake.token,
    baseUrl: server.url,
    requestTimeoutMs: 300,
    listTimeoutMs: 5_000,
  })
  return { fake, client, server }
}

describe('over HTTP', () => {
  test('the fake answers as in process', async () => {
    const { fake, client } = await serve()
    expect(await client.getJob('W00001')).toEqual(fake.state.jobs.get('W00001'))
    expect(await client.getJob('G00001')).toBe('gone')
    expect(await client.listJobs({ startDate: '2025-11-01' })).toMatchObject({ found: 257 })
    fake.assertNoUnexpected()
  })

  test.each([
    ['a connection cut before the headers', reset(), 'upstream_unavailable'],
    ['a refused one', refuse(), 'upstream_unavailable'],
    ['a body cut short', truncate(20), 'upstream_unavailable'],
    ['no answer', hang(), 'timeout'],
    ['headers without a body', stall(), 'timeout'],
  ])('%s is told as such', async (_, fault, code) => {
    const { client } = await serve({ faults: [{ fault }] })
    expect(await failureOf(client.getJob('W00001'))).toMatchObject({ code, retryable: true })
  })

  test('a timeout lets go of the connection, and the next call goes well', async () => {
    const { client } = await serve({ faults: [{ fault: stall(), times: 1 }] })
    await failureOf(client.getJob('W00001'))
    expect(await client.getJob('W00001')).toMatchObject({ UUID: 'W00001' })
  })

  test('nobody is there once it is closed', async () => {
    const { client, server } = await serve()
    open.splice(0)
    await server.close()
    expect(await failureOf(client.getJob('W00001'))).toMatchObject({
      code: 'upstream_unavailable',
      cause: { cause: { code: 'ECONNREFUSED' } },
    })
  })
})
