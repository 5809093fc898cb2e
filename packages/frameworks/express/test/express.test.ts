import { bearer } from '@longhaul/http'
import { createClient } from '@longhaul/http/client'
import { describe, expect, it } from 'vitest'
import { longhaul } from '../src/index.js'
import { setup, versions } from './setup.js'

describe.each(Object.entries(versions))('on %s', (_, express) => {
  it.each([true, false])(
    'a job is enqueued, followed to its end and shown (express.json(): %s)',
    async parsesBodies => {
      const { url, runner, headers } = await setup(express, { parsesBodies, events: { pollMs: 100 } })
      const client = createClient({ url, headers })

      const job = await client.enqueue('measure', { text: 'fünf' })
      expect(job.statusUrl).toBe(`/app/jobs/jobs/${job.id}`)
      void runner.work()
      const states: string[] = []
      for await (const { state } of client.watch(job.id)) states.push(state)

      expect(states.at(-1)).toBe('completed')
      expect(await client.get(job.id)).toMatchObject({ output: 4 })
    },
  )

  it('the app says who may, by the request as Express knows it', async () => {
    const { url } = await setup(express)
    const response = await fetch(`${url}/jobs`)
    expect([response.status, response.headers.get('content-type')]).toEqual([401, 'application/problem+json'])
  })

  it('what is beside the routes goes on to the app, and what is below them does not', async () => {
    const { origin, url, headers } = await setup(express)
    expect(await (await fetch(`${origin}/other`)).text()).toBe('other')
    expect((await fetch(`${url}/nothing`, { headers })).status).toBe(404)
  })

  it('a stream ends when its client is gone', async () => {
    const { url, headers } = await setup(express, { events: { connections: { total: 1 } } })
    const open = () => fetch(`${url}/events`, { headers, signal: gone.signal })
    const gone = new AbortController()
    const first = await open()
    expect((await fetch(`${url}/events`, { headers })).status).toBe(503)

    gone.abort()
    await first.text().catch(() => {})

    await expect
      .poll(async () => {
        const again = await fetch(`${url}/events`, { headers })
        await again.body?.cancel()
        return again.status
      })
      .toBe(200)
  })

  it('a body is refused at its limit, however it is read', async () => {
    const { url, headers } = await setup(express)
    const body = JSON.stringify({ input: { text: 'x'.repeat(200_000) } })
    const sent = { method: 'POST', body, headers: { ...headers, 'content-type': 'application/json' } }
    expect((await fetch(`${url}/jobs/measure`, sent)).status).toBe(413)
  })

  it('a token is enough where the app says so', async () => {
    const access = { roles: ['read'], tenant: null } as const
    const { url } = await setup(express, { authorize: bearer('the-token', access) })
    const ask = async (token: string) =>
      (await fetch(`${url}/jobs`, { headers: { authorization: `Bearer ${token}` } })).status

    expect([await ask('the-token'), await ask('another')]).toEqual([200, 401])
  })

  it('failed tries are counted by the address that Express is sure of', async () => {
    const { url, headers } = await setup(express, { failures: { limit: 2 } })
    for (let call = 0; call < 2; call++) await fetch(`${url}/jobs`)
    expect((await fetch(`${url}/jobs`, { headers })).status).toBe(429)
  })
})

it('is not made without an authorizer', () => {
  expect(() => longhaul({} as never, {} as never)).toThrow('authorize')
})
