import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { systemClock } from '@longhaul/core'
import { type HandlerContext, selfCall } from '@longhaul/http'
import { createClient } from '@longhaul/http/client'
import { createPlatform, outside, storeOf } from '@longhaul/platform'
import { redisStore } from '@longhaul/redis'
import { vercelConfig } from '@longhaul/vercel'
import { Redis } from 'ioredis'
import { expect, it, onTestFinished } from 'vitest'
import { createApp } from '../src/app.js'

const environment = { CRON_SECRET: 'a-secret-of-16-or-more', API_TOKEN: 'a-token-of-16-or-more' }
const redisUrl = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379'
const limitMs = 3_000
const requestContext = Symbol.for('@vercel/request-context')

/** Knows the request that is answered, as the runtime of Vercel does. */
function vercelRuntime() {
  const current = new AsyncLocalStorage<HandlerContext>()
  const get = () => {
    const { waitUntil, deadline = 0 } = current.getStore() ?? {}
    return waitUntil && { waitUntil, deadline: new Date(deadline).toISOString() }
  }
  const shared = globalThis as { [requestContext]?: unknown }
  shared[requestContext] = { get }
  onTestFinished(() => {
    delete shared[requestContext]
  })
  return current
}

/** The function on a platform, each process with a connection of its own to one namespace of Redis. */
function deployed() {
  const runtime = vercelRuntime()
  const namespace = aNamespace()
  const send: typeof fetch = (url, init) => platform.request(new Request(url as URL, init))
  const platform = createPlatform({
    clock: systemClock,
    limitMs,
    random: Math.random,
    boot(instance) {
      const store = redisStore(redisUrl, { namespace })
      onTestFinished(() => store.close())
      const ownCall = { url: 'https://app.test/api/jobs/work', secrets: environment.CRON_SECRET }
      const handOver = selfCall({ ...ownCall, fetch: outside(instance, send) })
      const app = createApp({ store: storeOf(instance, store), environment, handOver })
      return (request, context = {}) => runtime.run(context, () => app(request))
    },
  })
  const headers = { authorization: `Bearer ${environment.API_TOKEN}` }
  return { platform, client: createClient({ url: 'https://app.test/api/jobs', headers, fetch: send }) }
}

/** Whose keys are gone after the test. */
function aNamespace(): string {
  const namespace = `vercel-example-${randomUUID()}`
  onTestFinished(async () => {
    const client = new Redis(redisUrl)
    const keys = await client.keys(`{${namespace}}:*`)
    if (keys.length > 0) await client.unlink(...keys)
    client.disconnect()
  })
  return namespace
}

it.skipIf(process.env.TEST_REDIS_URL_MISSING !== undefined)(
  'a job that takes three times as long as a function may is worked to its end, with nothing done twice',
  async () => {
    const { platform, client } = deployed()
    const { id, state } = await client.enqueue('contacts.enrich', { contacts: 180 })
    expect(state).toBe('waiting')

    const states: string[] = []
    for await (const job of client.watch(id, { by: 'polling' })) states.push(job.state)

    const job = await client.get(id)
    expect(job).toMatchObject({
      state: 'completed',
      output: { found: 180 },
      counters: { found: 180 },
      crashes: 0,
    })
    const passes = platform.invocations.filter(({ tookMs }) => tookMs > 1_000)
    expect(passes.length).toBeGreaterThanOrEqual(3)
    expect(platform.invocations.filter(({ ended }) => ended !== 'done')).toEqual([])
  },
  60_000,
)

it('vercel.json is what the command prints, and the rewrite', () => {
  const file = JSON.parse(readFileSync(new URL('../vercel.json', import.meta.url), 'utf8'))
  expect(file).toMatchObject(vercelConfig({ file: 'api/jobs.ts' }))
})
