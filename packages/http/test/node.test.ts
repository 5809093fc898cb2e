import { once } from 'node:events'
import { connect as connectTo } from 'node:net'
import { systemClock } from '@longhaul/core'
import { expect, it } from 'vitest'
import { connect, served } from './served.js'
import { setup } from './setup.js'

/** In real time: sockets have no other. */
const real = { clock: systemClock as never, events: { pollMs: 100, heartbeatMs: 200 } }

it('of 200 who follow one job, all see its end, but for a fifth that read nothing, and nothing is left of these', async () => {
  const { handler, runner } = setup(real)
  const { url, server } = await served(handler)
  const { id } = await runner.enqueue('measure', { text: 'a' })
  const streams = await Promise.all(Array.from({ length: 200 }, () => connect(`${url}/jobs/${id}/events`)))
  const readers = streams.slice(40)
  const ends = Promise.all(readers.map(endOf))

  await runner.work()

  expect(await ends).toEqual(readers.map(() => 'completed'))
  for (const stream of streams.slice(0, 40)) stream.destroy()
  await expect.poll(() => connectionsOf(server)).toBe(0)
})

/** The state that its last event tells. */
async function endOf(stream: AsyncIterable<Buffer>): Promise<string | undefined> {
  let text = ''
  for await (const piece of stream) text += piece
  return /.*"state":"(\w+)"/s.exec(text)?.[1]
}

function connectionsOf(server: { getConnections(done: (error: Error | null, count: number) => void): void }) {
  return new Promise<number>(resolve => server.getConnections((_, count) => resolve(count)))
}

it('a client that reads nothing is written nothing more, and is cut off', async () => {
  const { handler, runner } = setup(real)
  const { port } = await served(async request => {
    const response = await handler(request)
    return new Response(endless(), response)
  })
  const { id } = await runner.enqueue('measure', { text: 'a' })
  const socket = connectTo(port, '127.0.0.1')
  socket.write(`GET /api/jobs/jobs/${id}/events HTTP/1.1\r\nHost: a\r\n\r\n`)
  socket.pause()

  await expect.poll(() => offered).toBeGreaterThan(0)
  const before = await settled(() => offered)
  expect(before).toBeLessThan(64 * 1_024 * 1_024)

  socket.destroy()
  await expect.poll(() => cancelled).toBe(true)
})

let offered = 0
let cancelled = false

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      offered += 65_536
      controller.enqueue(new Uint8Array(65_536))
    },
    cancel() {
      cancelled = true
    },
  })
}

/** A number once it no longer grows. */
async function settled(look: () => number): Promise<number> {
  let before = -1
  await expect
    .poll(() => {
      const stands = look() === before
      before = look()
      return stands
    })
    .toBe(true)
  return before
}

it("what is no HTTP for the web is the client's mistake", async () => {
  const { handler } = setup()
  const { port } = await served(handler)
  const socket = connectTo(port, '127.0.0.1')
  socket.write('TRACE /api/jobs/jobs HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  const [answer] = await once(socket, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1\.1 400/)
})
