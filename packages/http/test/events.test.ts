import { fakeClock } from '@longhaul/core/testing'
import { describe, expect, it } from 'vitest'
import { createConnections } from '../src/events/connections.js'
import { createFeeds } from '../src/events/feed.js'
import { createMailbox } from '../src/events/mailbox.js'
import { eventStream } from '../src/events/stream.js'
import { setup } from './setup.js'

interface Told {
  readonly event: string
  readonly id: string
  // biome-ignore lint/suspicious/noExplicitAny: what it must be, each test says itself
  readonly data: any
}

/** Reads a stream piece by piece; heartbeats and the retry line are left out of what it tells. */
function readerOf(response: Response) {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const text = async () => {
    const { done, value } = await reader.read()
    return done ? undefined : new TextDecoder().decode(value)
  }
  return {
    text,
    cancel: () => reader.cancel(),
    async next(): Promise<Told | undefined> {
      for (let piece = await text(); piece !== undefined; piece = await text()) {
        const [, event = '', id = '', data = ''] = /^event: (.*)\nid: (.*)\ndata: (.*)\n\n$/.exec(piece) ?? []
        if (event !== '') return { event, id, data: JSON.parse(data) }
      }
      return undefined
    },
  }
}

describe('the events of a job', () => {
  it('tell it as it is, each change, and its end', async () => {
    const { ask, runner } = setup()
    const { id } = await runner.enqueue('measure', { text: 'four' })
    const stream = readerOf(await ask('GET', `/jobs/${id}/events`))

    expect(await stream.next()).toMatchObject({ event: 'job', data: { state: 'waiting' } })
    await runner.work()
    const states: string[] = []
    let last: Told | undefined
    for (let told = await stream.next(); told; told = await stream.next()) {
      states.push(told.data.state)
      last = told
    }

    expect(states.at(-1)).toBe('completed')
    expect(last?.data).toMatchObject({ output: 4 })
    expect(last?.data).not.toHaveProperty('input')
  })

  it('are heard of another process within the time of a look', async () => {
    const { ask, runner, clock } = setup({ events: { pollMs: 500 } })
    const { id } = await runner.enqueue('measure', { text: 'a' })
    const stream = readerOf(await ask('GET', `/jobs/${id}/events`))
    await stream.next()

    await runner.cancel(id)
    const told = stream.next()
    await clock.advance(500)

    expect((await told)?.data.state).toBe('cancelled')
    expect(await stream.next()).toBeUndefined()
  })

  it('go on behind the last one that was seen', async () => {
    const { ask, runner, clock } = setup()
    const { id } = await runner.enqueue('measure', { text: 'a' }, { delayMs: 60_000 })
    const first = readerOf(await ask('GET', `/jobs/${id}/events`))
    const seen = await first.next()
    await first.cancel()

    const again = readerOf(
      await ask('GET', `/jobs/${id}/events`, { headers: { 'last-event-id': seen?.id ?? '' } }),
    )
    const next = again.next()
    await clock.advance(1_000)
    await runner.cancel(id)
    await clock.advance(1_000)

    expect((await next)?.data.state).toBe('cancelled')
  })

  it('are over for good once the end was seen', async () => {
    const { ask, runner } = setup()
    const { id } = await runner.enqueue('measure', { text: 'a' })
    await runner.work()
    const stream = readerOf(await ask('GET', `/jobs/${id}/events`))
    const last = await stream.next()

    const again = await ask('GET', `/jobs/${id}/events`, { headers: { 'last-event-id': last?.id ?? '' } })

    expect(again.status).toBe(204)
  })

  it('end before the platform would cut them', async () => {
    const { ask, runner, clock } = setup()
    const { id } = await runner.enqueue('measure', { text: 'a' }, { delayMs: 600_000 })
    const context = { deadline: clock.now() + 60_000 }
    const stream = readerOf(await ask('GET', `/jobs/${id}/events`, { context }))
    await stream.next()

    const end = stream.next()
    await clock.advance(58_000)

    expect(await end).toBeUndefined()
  })
})

it('the events of a group, and of everything, are told as well', async () => {
  const { ask, runner, clock } = setup()
  const group = runner.group('g')
  group.add('measure', { text: 'a' })
  await group.enqueue()
  const ofGroup = readerOf(await ask('GET', '/groups/g/events'))
  const ofAll = readerOf(await ask('GET', '/events'))
  expect((await ofGroup.next())?.data.state).toBe('waiting')
  expect((await ofAll.next())?.data.states.waiting).toBe(1)

  const told = [ofGroup.next(), ofAll.next()]
  await runner.work()
  await clock.advance(1_000)

  expect((await told[0])?.data.state).toBe('completed')
  expect((await told[1])?.data.states.completed).toBe(1)
  await ofAll.cancel()
})

describe('open streams', () => {
  it('are limited, for all and for each', async () => {
    const { ask } = setup({ events: { connections: { total: 3, perSubject: 2 } } })
    const open = await Promise.all([ask('GET', '/events'), ask('GET', '/events')])

    const refused = await ask('GET', '/events')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10'])

    await open[0]?.body?.cancel()
    const again = await ask('GET', '/events')
    expect(again.status).toBe(200)
    await Promise.all([open[1]?.body?.cancel(), again.body?.cancel()])
  })

  it('count what is open, and give a place back once', () => {
    const connections = createConnections({ total: 2 })
    const close = connections.take('a')
    connections.take('b')
    expect(() => connections.take('c')).toThrow('as many open event streams')
    close()
    close()
    expect(connections.open()).toBe(1)
  })

  it('of one thing share one watch, which ends with the last of them', async () => {
    let watches = 0
    let ended = 0
    const feeds = createFeeds(async function* (_key, signal) {
      watches += 1
      yield 'view'
      await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
      ended += 1
    })
    const heard: unknown[] = []
    const stops = Array.from({ length: 200 }, () => feeds.follow('job')(event => heard.push(event)))
    await new Promise(setImmediate)

    expect([watches, heard.length]).toEqual([1, 200])
    for (const stop of stops) stop()
    await new Promise(setImmediate)
    expect([ended, feeds.size()]).toEqual([1, 0])
  })
})

describe('a slow reader', () => {
  function follower() {
    const clock = fakeClock()
    let tell: (view: { n: number }) => void = () => {}
    let closed = 0
    const stream = eventStream<{ n: number }>({
      event: 'view',
      follow: listener => {
        tell = view => listener({ type: 'view', view })
        return () => {}
      },
      clock,
      heartbeatMs: 1_000,
      maxMs: 60_000,
      lastId: undefined,
      idOf: ({ n }) => `${n}`,
      onClose: () => {
        closed += 1
      },
    })
    return { clock, stream, tell: (n: number) => tell({ n }), closed: () => closed }
  }

  it('gets the latest view, not all that it missed', async () => {
    const { stream, tell } = follower()
    const reader = readerOf(new Response(stream))
    await reader.text()
    for (let n = 1; n <= 1_000; n++) tell(n)

    const told: (string | undefined)[] = []
    while (!told.at(-1)?.includes('"n":1000')) told.push(await reader.text())

    expect(told.length).toBeLessThanOrEqual(2)
    await reader.cancel()
  })

  it('that fetches nothing for two heartbeats is cut off', async () => {
    const { clock, stream, tell, closed } = follower()
    tell(1)
    tell(2)

    await clock.advance(4_000)

    expect(closed()).toBe(1)
    await expect(stream.getReader().closed).rejects.toThrow('fetches nothing')
  })

  it('that is only idle gets heartbeats', async () => {
    const { clock, stream, closed } = follower()
    const reader = readerOf(new Response(stream))
    await reader.text()
    for (let beat = 0; beat < 5; beat++) {
      const text = reader.text()
      await clock.advance(1_000)
      expect(await text).toBe(': \n\n')
    }
    expect(closed()).toBe(0)
    await reader.cancel()
    expect(closed()).toBe(1)
  })
})

it('a mailbox holds one text, and gives what it holds before its end', async () => {
  const mailbox = createMailbox()
  mailbox.put('a')
  mailbox.put('b')
  mailbox.end()
  expect([await mailbox.take(), await mailbox.take()]).toEqual(['b', undefined])
})
