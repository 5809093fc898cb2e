import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, vi } from 'vitest'
import { type FaultProxyOptions, faultProxy } from '../src/index.js'

/** A server that answers with what it is sent, behind a proxy. */
export async function setup({ random: chance = () => 0 }: FaultProxyOptions = {}) {
  const random = vi.fn(chance)
  const atServer: Conversation[] = []
  const server = createServer(socket => {
    atServer.push(conversation(socket))
    socket.pipe(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const proxy = await faultProxy(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`, { random })
  onTestFinished(async () => {
    await proxy.close()
    server.close()
  })
  const open = async () => {
    const before = atServer.length
    const socket = connect(proxy.port, '127.0.0.1')
    await once(socket, 'connect')
    await expect.poll(() => atServer.length, { interval: 5 }).toBe(before + 1)
    return conversation(socket)
  }
  /** Resolves once the proxy has taken in so many pieces. */
  const passing = (pieces: number) =>
    expect.poll(() => random.mock.calls.length, { interval: 1 }).toBeGreaterThanOrEqual(pieces)
  return { proxy, open, atServer, passing }
}

export interface Conversation {
  readonly socket: Socket
  /** All that was heard so far. */
  heard: string
  /** How it ended: an error's code, or `end`. */
  over?: string
}

export function conversation(socket: Socket): Conversation {
  const self: Conversation = { socket, heard: '' }
  socket.on('data', chunk => (self.heard += chunk))
  socket.on('error', error => (self.over ??= (error as NodeJS.ErrnoException).code ?? 'error'))
  socket.on('end', () => (self.over ??= 'end'))
  onTestFinished(() => void socket.destroy())
  return self
}

export const hears = (who: Conversation, text: string) =>
  expect.poll(() => who.heard, { interval: 5 }).toBe(text)
export const isOver = (who: Conversation, how: string) =>
  expect.poll(() => who.over, { interval: 5 }).toBe(how)

/** Says `text` and hears it come back. @returns how long that took, in milliseconds. */
export async function roundTrip(who: Conversation, text: string): Promise<number> {
  const begun = performance.now()
  const before = who.heard
  who.socket.write(text)
  await hears(who, before + text)
  return performance.now() - begun
}
