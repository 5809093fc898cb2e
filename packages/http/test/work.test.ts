import { describe, expect, it } from 'vitest'
import { type HandOverCall, selfCall, type WorkRouteOptions } from '../src/index.js'
import { sign, verify } from '../src/work/signature.js'
import { workUntil } from '../src/work/time.js'
import { jsonOf, setup } from './setup.js'

const secret = 'a-secret-of-16-or-more'
const cron = { headers: { authorization: `Bearer ${secret}` } }

function withWork(work: Partial<WorkRouteOptions> = {}) {
  const calls: HandOverCall[] = []
  const handOver = async (call: HandOverCall) => void calls.push(call)
  return { calls, ...setup({ work: { secrets: secret, handOver, ...work } }) }
}

/** Keeps what goes on behind an answer. */
function platform() {
  const promises: Promise<unknown>[] = []
  return {
    context: { waitUntil: (promise: Promise<unknown>) => void promises.push(promise) },
    promises,
    settled: () => Promise.all(promises),
  }
}

describe('the work route', () => {
  it.each(['GET', 'POST'])('works when cron calls it by %s, and says what it did', async method => {
    const { ask, runner } = withWork()
    const { id } = await runner.enqueue('measure', { text: 'a' })

    const response = await ask(method, '/work', cron)

    expect(await jsonOf(response)).toEqual({ slices: 1, dueInMs: null, handedOver: false })
    expect(await runner.get(id)).toMatchObject({ state: 'completed' })
  })

  it.each([
    ['no secret', {}],
    ['a wrong one', { authorization: 'Bearer wrong' }],
    ['one in the query alone', {}],
    ['the word of cron', { 'user-agent': 'vercel-cron/1.0', 'x-vercel-cron-schedule': '* * * * *' }],
  ])('with %s does nothing', async (_, headers) => {
    const { ask, runner } = withWork()
    const { id } = await runner.enqueue('measure', { text: 'a' })

    expect((await ask('GET', `/work?secret=${secret}`, { headers })).status).toBe(401)
    expect(await runner.get(id)).toMatchObject({ state: 'waiting' })
  })

  it.each([undefined, '', []])('without a secret that is set (%j) lets nobody in', async secrets => {
    const { ask } = withWork({ secrets })
    for (const token of ['', 'undefined', secret]) {
      expect((await ask('GET', '/work', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401)
    }
  })

  it('takes two secrets during a rotation', async () => {
    const { ask } = withWork({ secrets: ['new', secret] })
    expect((await ask('GET', '/work', cron)).status).toBe(200)
  })

  it.each(['HEAD', 'OPTIONS', 'PUT', 'DELETE'])('is not asked to work by %s', async method => {
    const { ask } = withWork()
    expect((await ask(method, '/work', cron)).status).toBe(405)
  })

  it('is not there unless the app wants it', async () => {
    expect((await setup().ask('GET', '/work', cron)).status).toBe(404)
  })

  it('answers at once where the platform lets it go on', async () => {
    const { ask, runner } = withWork()
    const { id } = await runner.enqueue('measure', { text: 'a' })
    const { context, settled } = platform()

    const response = await ask('GET', '/work', { ...cron, context })
    expect([response.status, await jsonOf(response)]).toEqual([202, { working: true }])
    await settled()

    expect(await runner.get(id)).toMatchObject({ state: 'completed' })
  })

  it('works before it answers where the platform refuses to go on', async () => {
    const { ask, errors } = withWork()
    const waitUntil = () => {
      throw new Error('outside a request')
    }
    expect((await ask('GET', '/work', { ...cron, context: { waitUntil } })).status).toBe(200)
    expect(errors).toHaveLength(1)
  })
})

describe('enqueueing on a platform that goes on behind the answer', () => {
  it('answers at once, and works then', async () => {
    const { ask, runner } = withWork()
    const { context, promises, settled } = platform()

    const job = await jsonOf(ask('POST', '/jobs/measure', { body: { input: { text: 'a' } }, context }))
    expect(job.state).toBe('waiting')
    await settled()

    expect(promises).toHaveLength(1)
    expect(await runner.get(job.id)).toMatchObject({ state: 'completed' })
  })

  it('makes one pass for many who enqueue at once', async () => {
    const { ask, runner } = withWork()
    const { context, promises, settled } = platform()
    const enqueue = () => ask('POST', '/jobs/measure', { body: { input: { text: 'a' } }, context })

    await Promise.all(Array.from({ length: 50 }, enqueue))
    await settled()

    expect(promises.length).toBeLessThan(5)
    expect((await runner.stats()).states).toMatchObject({ completed: 50, waiting: 0 })
  })

  it('wakes a pass that waits for a job that is due later', async () => {
    const { ask, runner, clock } = withWork()
    const { context, settled } = platform()
    await runner.enqueue('measure', { text: 'later' }, { delayMs: 8_000 })
    const body = { input: { text: 'now' } }
    await ask('POST', '/jobs/measure', { body, context })
    await clock.advance(1_000)

    const { id } = await jsonOf(ask('POST', '/jobs/measure', { body, context }))
    await clock.advance(10)

    expect(await runner.get(id)).toMatchObject({ state: 'completed' })
    await clock.advance(10_000)
    await settled()
  })

  it('calls itself where that is refused, so that the work is not silently left', async () => {
    const { ask, calls } = withWork()
    const waitUntil = () => {
      throw new Error('outside a request')
    }
    await ask('POST', '/jobs/measure', { body: { input: { text: 'a' } }, context: { waitUntil } })
    expect(calls).toMatchObject([{ depth: 1 }])
  })
})

describe('an invocation', () => {
  it('waits for work that is due soon, within its time', async () => {
    const { ask, runner, clock } = withWork()
    const { id } = await runner.enqueue('measure', { text: 'a' }, { delayMs: 3_000 })

    const answer = ask('GET', '/work', cron)
    await clock.advance(3_000)

    expect(await jsonOf(answer)).toMatchObject({ slices: 1, handedOver: false })
    expect(await runner.get(id)).toMatchObject({ state: 'completed' })
  })

  it('hands over what is due soon, but not within its time', async () => {
    const { ask, runner, calls } = withWork()
    await runner.enqueue('measure', { text: 'a' }, { delayMs: 20_000 })

    expect(await jsonOf(ask('GET', '/work', cron))).toEqual({ slices: 0, dueInMs: 20_000, handedOver: true })
    expect(calls).toMatchObject([{ depth: 1 }])
  })

  it('leaves to cron what is due later', async () => {
    const { ask, runner, calls } = withWork()
    await runner.enqueue('measure', { text: 'a' }, { delayMs: 40_000 })

    expect(await jsonOf(ask('GET', '/work', cron))).toEqual({ slices: 0, dueInMs: 40_000, handedOver: false })
    expect(calls).toEqual([])
  })

  it('tells the app when its own call failed, and nobody else', async () => {
    const lost = new Error('connection refused')
    const { ask, runner, errors } = withWork({ handOver: () => Promise.reject(lost) })
    await runner.enqueue('measure', { text: 'a' }, { delayMs: 20_000 })

    expect(await jsonOf(ask('GET', '/work', cron))).toMatchObject({ handedOver: false })
    expect(errors).toEqual([lost])
  })

  it('knows the deadline of the platform, and takes an unknown one for short', () => {
    expect(workUntil({ deadline: 60_000 }, {}, 0)).toBe(55_000)
    expect(workUntil({ deadline: new Date(800_000) }, { maxDurationMs: 10_000 }, 0)).toBe(795_000)
    expect(workUntil({}, {}, 0)).toBe(9_000)
    expect(workUntil({}, { maxDurationMs: 300_000 }, 0)).toBe(295_000)
    expect(workUntil({ deadline: 2_000 }, {}, 0)).toBe(1_500)
    expect(workUntil({ deadline: 60_000 }, { marginMs: 1_000 }, 0)).toBe(59_000)
  })
})

describe('a call of the app to itself', () => {
  const handOver = { id: 'call-1', depth: 7 }
  const signed = (now: number, secrets = secret) => ({
    headers: { 'longhaul-hand-over': sign(handOver, secrets, now) },
  })

  it('works, and goes on counting', async () => {
    const { ask, clock, calls, runner } = withWork()
    await runner.enqueue('measure', { text: 'a' }, { delayMs: 20_000 })

    expect(await jsonOf(ask('POST', '/work', signed(clock.now())))).toMatchObject({ handedOver: true })
    expect(calls).toMatchObject([{ depth: 8 }])
  })

  it('that arrives twice works once', async () => {
    const { ask, clock } = withWork()
    const [first, second] = [
      await jsonOf(ask('POST', '/work', signed(clock.now()))),
      await jsonOf(ask('POST', '/work', signed(clock.now()))),
    ]
    expect([first.slices, second]).toEqual([0, { repeated: true }])
  })

  it('stops at the fuse, and leaves the rest to cron', async () => {
    const { ask, clock, calls, runner } = withWork({ maxDepth: 7 })
    await runner.enqueue('measure', { text: 'a' }, { delayMs: 20_000 })

    expect(await jsonOf(ask('POST', '/work', signed(clock.now())))).toMatchObject({ handedOver: false })
    expect(calls).toEqual([])
  })

  it('is no way in by GET, too late, too early, or changed', async () => {
    const { ask, clock } = withWork()
    const now = clock.now()
    const header = sign(handOver, secret, now)
    const status = async (text: string, method = 'POST') =>
      (await ask(method, '/work', { headers: { 'longhaul-hand-over': text } })).status

    expect(await status(header, 'GET')).toBe(401)
    expect(await status(sign(handOver, secret, now - 60_000))).toBe(401)
    expect(await status(sign(handOver, secret, now + 61_000))).toBe(401)
    expect(await status(sign(handOver, 'another', now))).toBe(401)
    expect(await status(header.replace('.7.', '.0.'))).toBe(401)
    expect(await status(header.replace('call-1', 'call-2'))).toBe(401)
    for (const text of [
      '',
      'v1',
      '.',
      `${header}.`,
      header.slice(0, -1),
      'v1.a.1.1.',
      header.replace('v1', 'v2'),
    ]) {
      expect(await status(text)).toBe(401)
    }
  })

  it('is signed by the newest secret, and known by each', () => {
    expect(verify(sign(handOver, ['new', 'old'], 0), 'new', 1)).toEqual(handOver)
    expect(verify(sign(handOver, 'old', 0), ['new', 'old'], 1)).toEqual(handOver)
    expect(verify(sign(handOver, '', 0), ['', undefined], 1)).toBeUndefined()
  })

  it('goes to the address of the app alone, wherever a request came from', async () => {
    const sent: [string, RequestInit | undefined][] = []
    const call = selfCall({
      url: 'https://app.test/api/jobs/work',
      secrets: secret,
      headers: { 'x-vercel-protection-bypass': 'b' },
      fetch: async (url, init) => {
        sent.push([String(url), init])
        return new Response(null, { status: 202 })
      },
    })
    await call(handOver)

    expect(sent[0]?.[0]).toBe('https://app.test/api/jobs/work')
    expect(sent[0]?.[1]).toMatchObject({
      method: 'POST',
      redirect: 'manual',
      headers: { 'x-vercel-protection-bypass': 'b' },
    })
  })

  it('needs an absolute address, and fails where it is refused', async () => {
    expect(() => selfCall({ url: '/work', secrets: secret })).toThrow('absolute')
    const refused = async () => new Response(null, { status: 401 })
    const call = selfCall({ url: 'https://app.test/work', secrets: secret, fetch: refused })
    await expect(call(handOver)).rejects.toThrow('401')
  })
})
