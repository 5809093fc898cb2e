import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createRunner, defineProcessor, memoryStore } from '@longhaul/core'
import { getDeadline, waitUntil } from '@vercel/functions'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { longhaul, queueHandOver, vercelConfig, vercelContext, vercelWork } from '../src/index.js'

const measure = defineProcessor({
  name: 'measure',
  input: z.object({ text: z.string() }),
  run: ({ input }) => input.text.length,
})

const requestContext = Symbol.for('@vercel/request-context')

/** What the runtime of Vercel puts there, as its own package reads it. */
function onVercel(deadline = new Date(Date.now() + 60_000)) {
  const behind: Promise<unknown>[] = []
  const given = {
    waitUntil: (promise: Promise<unknown>) => behind.push(promise),
    deadline: deadline.toISOString(),
  }
  const shared = globalThis as { [requestContext]?: unknown }
  shared[requestContext] = { get: () => given }
  onTestFinished(() => {
    delete shared[requestContext]
  })
  return { deadline, settled: () => Promise.all(behind), behind }
}

const enqueue = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"input":{"text":"four"}}',
}

function setup(environment = {}) {
  const runner = createRunner({ store: memoryStore(), processors: [measure] })
  const fetch = longhaul(runner, {
    basePath: '/api/jobs',
    authorize: () => ({ roles: ['admin'], tenant: null }),
    work: { environment: { CRON_SECRET: 'a-secret-of-16-or-more', ...environment } },
    onError() {},
  })
  return { runner, fetch }
}

describe('the context', () => {
  it('is what the package of Vercel would say', async () => {
    const { deadline, behind } = onVercel()
    const context = vercelContext()
    expect(context.deadline).toEqual(getDeadline())
    expect(context.deadline).toEqual(deadline)
    waitUntil(Promise.resolve())
    context.waitUntil?.(Promise.resolve())
    expect(behind).toHaveLength(2)
  })

  it('is empty outside a request, where waitUntil would silently do nothing', () => {
    expect(vercelContext()).toEqual({})
  })

  it('believes the address that Vercel itself puts there', () => {
    const headers = { 'x-vercel-forwarded-for': '192.0.2.1', 'x-forwarded-for': '198.51.100.1' }
    expect(vercelContext(new Request('https://app.test', { headers }))).toEqual({ client: '192.0.2.1' })
  })
})

describe('the function', () => {
  it('answers at once, and works behind the answer', async () => {
    const { settled } = onVercel()
    const { fetch, runner } = setup()

    const response = await fetch(new Request('https://app.test/api/jobs/jobs/measure', enqueue))
    const { id } = (await response.json()) as { id: string }
    await settled()

    expect(response.status).toBe(202)
    expect(await runner.get(id)).toMatchObject({ state: 'completed' })
  })

  it.each(['GET', 'POST'])('lets cron in by %s with its secret, and nobody else', async method => {
    const { fetch } = setup()
    const call = async (authorization: string) =>
      (await fetch(new Request('https://app.test/api/jobs/work', { method, headers: { authorization } })))
        .status

    expect(await call('Bearer a-secret-of-16-or-more')).toBe(200)
    expect(await call('Bearer undefined')).toBe(401)
  })

  it('without CRON_SECRET lets nobody in', async () => {
    const { fetch } = setup({ CRON_SECRET: undefined })
    const headers = { authorization: 'Bearer undefined' }
    expect((await fetch(new Request('https://app.test/api/jobs/work', { headers }))).status).toBe(401)
  })
})

describe('handing over', () => {
  it('goes to the address of the deployment, and past its protection', async () => {
    const calls: { url: string; headers: Headers; method: string }[] = []
    const real = globalThis.fetch
    globalThis.fetch = async (url, init) => {
      const { headers, method } = new Request(url as URL, init)
      calls.push({ url: String(url), headers, method })
      return new Response(null, { status: 202 })
    }
    onTestFinished(() => {
      globalThis.fetch = real
    })
    const environment = {
      CRON_SECRET: 's',
      VERCEL_URL: 'app-abc.vercel.app',
      VERCEL_AUTOMATION_BYPASS_SECRET: 'b',
    }

    await vercelWork({ basePath: '/api/jobs', environment }).handOver?.({ id: 'i', depth: 1 })

    expect(calls[0]).toMatchObject({ url: 'https://app-abc.vercel.app/api/jobs/work', method: 'POST' })
    expect(calls[0]?.headers.get('x-vercel-protection-bypass')).toBe('b')
    expect(calls[0]?.headers.get('authorization')).toBeNull()
  })

  it('in production goes to the domain of the project', async () => {
    const environment = {
      CRON_SECRET: 's',
      VERCEL_ENV: 'production',
      VERCEL_URL: 'app-abc.vercel.app',
      VERCEL_PROJECT_PRODUCTION_URL: 'app.test',
    }
    const real = globalThis.fetch
    let called = ''
    globalThis.fetch = async url => {
      called = String(url)
      return new Response()
    }
    onTestFinished(() => {
      globalThis.fetch = real
    })
    await vercelWork({ basePath: '/api/jobs', environment }).handOver?.({ id: 'i', depth: 1 })
    expect(called).toBe('https://app.test/api/jobs/work')
  })

  it('away from Vercel is left to cron', () => {
    expect(vercelWork({ basePath: '/api/jobs', environment: { CRON_SECRET: 's' } }).handOver).toBeUndefined()
  })

  it('may go through a queue, once for each call', async () => {
    const sent: unknown[][] = []
    const handOver = queueHandOver(async (...message) => sent.push(message))
    await handOver({ id: 'call-1', depth: 3 })
    expect(sent).toEqual([['longhaul', { depth: 3 }, { idempotencyKey: 'call-1', retentionSeconds: 600 }]])
  })
})

describe('the piece of vercel.json', () => {
  it('lets cron call the work route, and gives a function its time', () => {
    expect(vercelConfig({ file: 'api/jobs.ts', maxDuration: 800, schedule: '0 3 * * *' })).toEqual({
      functions: { 'api/jobs.ts': { maxDuration: 800 } },
      crons: [{ path: '/api/jobs/work', schedule: '0 3 * * *' }],
    })
    expect(vercelConfig()).toEqual({ crons: [{ path: '/api/jobs/work', schedule: '* * * * *' }] })
  })

  it.each([{ maxDuration: 0 }, { maxDuration: 1_801 }, { maxDuration: 1.5 }, { schedule: '* * * *' }])(
    'is refused where the platform would refuse it: %j',
    options => {
      expect(() => vercelConfig(options)).toThrow()
    },
  )

  it('is printed by the command, which says what it takes where it is called wrongly', () => {
    const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
    const node = ['--conditions=@longhaul/source', '--import', 'tsx', cli]
    const printed = execFileSync(process.execPath, [...node, '--max-duration', '60', '--file', 'api/jobs.ts'])
    expect(JSON.parse(printed.toString()).functions).toEqual({ 'api/jobs.ts': { maxDuration: 60 } })

    const wrong = () => execFileSync(process.execPath, [...node, '--max-duration', 'x'], { stdio: 'pipe' })
    expect(wrong).toThrow('--base-path')
  })
})
