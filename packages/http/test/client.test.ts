import { describe, expect, expectTypeOf, it } from 'vitest'
import { type Client, createClient, RequestError } from '../src/client/index.js'
import type { Handler } from '../src/index.js'
import { count, measure, setup } from './setup.js'

const processors = [measure, count] as const

/** A client that reaches the handler without a network; `fail` puts something in between. */
function connected(fail: (request: Request) => Response | undefined = () => undefined) {
  const app = setup({ events: { pollMs: 100 } })
  const paths: string[] = []
  const client = createClient<typeof processors>({
    url: 'http://app.test/api/jobs/',
    fetch: overNoNetwork(app.handler, request => {
      paths.push(new URL(request.url).pathname.replace(/[\w-]{36}/, ':id'))
      return fail(request)
    }),
    clock: app.clock,
    random: () => 0.5,
  })
  return { ...app, client, paths }
}

function overNoNetwork(handler: Handler, fail: (request: Request) => Response | undefined): typeof fetch {
  return async (url, init) => {
    const request = new Request(url as string, init)
    return fail(request) ?? handler(request)
  }
}

async function statesOf(views: AsyncIterable<{ state: string }>) {
  const states: string[] = []
  for await (const { state } of views) states.push(state)
  return states
}

describe('a client', () => {
  it('enqueues, follows to the end, and gets the output', async () => {
    const { client, runner } = connected()
    const job = await client.enqueue('measure', { text: 'four' }, { tags: ['a'] })

    const states = statesOf(client.watch(job.id))
    await new Promise(setImmediate)
    await runner.work()

    expect((await states).at(-1)).toBe('completed')
    expect(await client.get(job.id)).toMatchObject({ output: 4, tags: ['a'] })
  })

  it('knows the inputs of each processor', async () => {
    expectTypeOf<Parameters<Client<typeof processors>['enqueue']>[0]>().toEqualTypeOf<
      'measure' | 'count/up'
    >()
    const { client } = connected()
    // @ts-expect-error a measure needs a text
    await expect(client.enqueue('measure', { to: 3 })).rejects.toThrow(RequestError)
    expect(await client.enqueue('count/up', { to: 3 })).toMatchObject({ processor: 'count/up' })
  })

  it('throws what was refused, with its code and its facts', async () => {
    const { client } = connected()
    const first = await client.enqueue('measure', { text: 'a' }, { key: 'k' })

    const error = await client.enqueue('measure', { text: 'a' }, { key: 'k' }).catch(error => error)

    expect(error).toBeInstanceOf(RequestError)
    expect(error).toMatchObject({ status: 409, code: 'key_taken', problem: { jobId: first.id } })
  })

  it('repeats an enqueue safely', async () => {
    const { client, runner } = connected()
    for (let call = 0; call < 3; call++)
      await client.enqueue('measure', { text: 'a' }, { idempotencyKey: 'i' })
    expect((await runner.list()).jobs).toHaveLength(1)
  })

  it('lists, counts, and looks into jobs and groups', async () => {
    const { client, runner } = connected()
    const group = runner.group('g')
    group.add('count/up', { to: 3, failing: [1] })
    const { jobs } = await group.enqueue()
    await runner.work()
    const id = jobs[0]?.id ?? ''

    expect((await client.list({ state: ['completed_with_errors', 'failed'], limit: 5 })).jobs).toHaveLength(1)
    expect((await client.stats({ group: 'g' })).states.completed_with_errors).toBe(1)
    expect((await client.items(id)).records).toHaveLength(1)
    expect((await client.logs(id)).records).toEqual([])
    expect(await client.groups.get('g')).toMatchObject({ percent: 100 })
    expect(await client.groups.retry('g', { only: 'failed' })).toMatchObject({ state: 'waiting' })
    expect(await client.pause(id)).toMatchObject({ state: 'paused' })
    expect(await client.resume(id)).toMatchObject({ state: 'waiting' })
    expect(await client.promote(id)).toMatchObject({ state: 'waiting' })
    expect(await client.cancel(id)).toMatchObject({ state: 'cancelled' })
    expect(await statesOf(client.groups.watch('g'))).toEqual(['cancelled'])
  })
})

describe('following', () => {
  it('asks now and then where streams do not get through', async () => {
    const { client, runner, clock, paths } = connected(request =>
      request.url.endsWith('/events') ? new Response('a proxy', { status: 502 }) : undefined,
    )
    const job = await runner.enqueue('measure', { text: 'a' })
    const states = statesOf(client.watch(job.id))
    await clock.advance(2_000)

    await runner.work()
    await clock.advance(2_000)

    expect(await states).toEqual(['waiting', 'completed'])
    expect(paths.filter(path => path.endsWith('/events'))).toHaveLength(1)
  })

  it('asks by choice, and is told nothing twice', async () => {
    const { client, runner, clock, paths } = connected()
    const job = await runner.enqueue('measure', { text: 'a' })
    const states = statesOf(client.watch(job.id, { by: 'polling' }))
    await clock.advance(10_000)

    await runner.work()
    await clock.advance(1_000)

    expect(await states).toEqual(['waiting', 'completed'])
    expect(paths.length).toBeGreaterThan(8)
  })

  it('comes back after a stream that was cut, and goes on behind what it saw', async () => {
    let cuts = 0
    const { client, runner, clock, paths } = connected(request => {
      if (!request.url.endsWith('/events') || cuts++ > 0) return undefined
      throw new TypeError('network error')
    })
    const job = await runner.enqueue('measure', { text: 'a' })
    const states = statesOf(client.watch(job.id))
    await clock.advance(16_000)

    await runner.work()
    await clock.advance(5_000)

    expect(await states).toEqual(['waiting', 'completed'])
    expect(paths.filter(path => path.endsWith('/events')).length).toBeGreaterThanOrEqual(2)
  })

  it('outlives a server that is down, less and less often', async () => {
    let isDown = true
    const { client, runner, clock, paths } = connected(() => {
      if (isDown) throw new TypeError('connection refused')
      return undefined
    })
    const job = await runner.enqueue('measure', { text: 'a' })
    await runner.work()
    const states = statesOf(client.watch(job.id))
    await clock.advance(300_000)
    const tries = paths.length

    isDown = false
    await clock.advance(60_000)

    expect(tries).toBeLessThan(20)
    expect(await states).toEqual(['completed'])
  })

  it('ends where it is refused for good, and quietly when it is told to', async () => {
    const { client, runner, clock } = connected()
    await expect(statesOf(client.watch('nothing'))).rejects.toMatchObject({ code: 'job_not_found' })

    const job = await runner.enqueue('measure', { text: 'a' })
    const stop = new AbortController()
    const states = statesOf(client.watch(job.id, { signal: stop.signal }))
    await clock.advance(100)
    stop.abort()

    expect(await states).toEqual(['waiting'])
  })
})
