import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { appRoute, oncePerProcess, pagesRoute } from '../src/index.js'
import { enqueue, secret, setup } from './setup.js'

describe('the app router', () => {
  it('answers at once, and works behind the answer', async () => {
    const { runner, options, settled } = setup()
    const { POST, GET } = appRoute(runner, options)

    const response = await POST(new Request('https://app.test/api/jobs/jobs/measure', enqueue))
    const { id, state } = (await response.json()) as { id: string; state: string }
    expect([response.status, state]).toEqual([202, 'waiting'])
    await settled()

    const job = await GET(new Request(`https://app.test/api/jobs/jobs/${id}`))
    expect(await job.json()).toMatchObject({ state: 'completed', output: 4 })
  })

  it('works before it answers cron where nothing can go on behind an answer', async () => {
    const { runner, options } = setup()
    await runner.enqueue('measure', { text: 'a' })
    const { GET } = appRoute(runner, { ...options, after: outsideRequest, onError() {} })

    const headers = { authorization: `Bearer ${secret}` }
    const response = await GET(new Request('https://app.test/api/jobs/work', { headers }))

    expect(await response.json()).toMatchObject({ slices: 1 })
  })

  it('knows what the platform knows', async () => {
    const { runner, options } = setup()
    const context = () => ({ deadline: Date.now() + 1_000 })
    const { GET } = appRoute(runner, { ...options, context })
    const events = await GET(new Request('https://app.test/api/jobs/events'))
    expect(await events.text()).toContain('retry:')
  })
})

function outsideRequest(): never {
  throw new Error('`after` was called outside a request scope')
}

describe('the pages', () => {
  async function served() {
    const app = setup()
    const server = createServer(pagesRoute(app.runner, app.options)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    return { ...app, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/jobs` }
  }

  it('answer at once, and work behind the answer', async () => {
    const { url, settled, runner } = await served()

    const response = await fetch(`${url}/jobs/measure`, enqueue)
    const { id } = (await response.json()) as { id: string }
    await settled()

    expect(response.status).toBe(202)
    expect(await runner.get(id)).toMatchObject({ state: 'completed' })
  })
})

describe('oncePerProcess', () => {
  const names: string[] = []
  const made = (name: string) => {
    names.push(name)
    return oncePerProcess(name, () => ({ name }))
  }
  afterEach(() => names.splice(0))

  it('makes one runner however often a module is loaded', () => {
    const all = Array.from({ length: 50 }, () => made('the runner'))
    expect(new Set(all).size).toBe(1)
    expect(made('another')).not.toBe(all[0])
  })
})
