import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Reply } from './reply.js'

export interface Listening {
  /** For the client's `baseUrl`. */
  readonly url: string
  /** Cuts what is still open. */
  close(): Promise<void>
}

export type Handle = (request: Request, signal: AbortSignal) => Promise<Reply>

/** Serves the handler on a free port of this machine, and on no other interface. */
export async function listen(handle: Handle, port = 0): Promise<Listening> {
  const server = createServer((incoming, outgoing) => void serve(handle, incoming, outgoing))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${address.port}/api/v1`,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function serve(handle: Handle, incoming: IncomingMessage, outgoing: ServerResponse) {
  const left = new AbortController()
  outgoing.on('close', () => left.abort())
  try {
    write(await handle(await toRequest(incoming), left.signal), outgoing)
  } catch {
    outgoing.destroy()
  }
}

async function toRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const headers = Object.entries(incoming.headers).map(
    ([name, value]) => [name, String(value)] as [string, string],
  )
  const body = chunks.length > 0 ? Buffer.concat(chunks).toString() : null
  return new Request(`http://127.0.0.1${incoming.url}`, { method: incoming.method ?? 'GET', headers, body })
}

function write({ status, headers, body, wire }: Reply, outgoing: ServerResponse) {
  if (wire === 'silent') return
  if (wire === 'reset' || wire === 'refused') return outgoing.destroy()
  const bytes = Buffer.from(body ?? '')
  outgoing.writeHead(status, { ...headers, ...(body !== null && { 'content-length': bytes.length }) })
  if (wire === undefined) return outgoing.end(bytes)
  if (wire === 'stalled') return outgoing.flushHeaders()
  outgoing.write(bytes.subarray(0, wire.cutAfter), () => outgoing.destroy())
}
