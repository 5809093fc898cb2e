import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Handler } from '../src/index.js'
import { toNodeListener } from '../src/node/index.js'

/** The handler on a port of its own. */
export async function served(handler: Handler) {
  const server = createServer(toNodeListener(handler)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { server, port, url: `http://127.0.0.1:${port}/api/jobs` }
}

/** A stream of events on a connection of its own, unread as yet. */
export async function connect(url: string): Promise<IncomingMessage> {
  const request = get(url, { agent: false })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response
}
