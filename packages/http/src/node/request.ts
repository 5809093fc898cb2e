import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'

/** A request of `node:http`, perhaps with what a framework has made of it. */
export interface NodeRequest extends IncomingMessage {
  /** The whole path, where a framework has taken its mount point off `url`. */
  readonly originalUrl?: string
  /** What a body parser has read already. */
  readonly body?: unknown
}

/**
 * The same request as the web knows it. Of what it says of its host nothing is used but to tell its own pages from others.
 *
 * @param signal Aborts when the client is gone.
 */
export function toRequest(request: NodeRequest, signal: AbortSignal): Request {
  const { method = 'GET' } = request
  const body = method === 'GET' || method === 'HEAD' ? null : bodyOf(request)
  const init = { method, headers: headersOf(request), signal, body, duplex: 'half' }
  return new Request(urlOf(request), init as RequestInit)
}

function urlOf(request: NodeRequest): URL {
  const isSecure = 'encrypted' in request.socket && request.socket.encrypted === true
  const path = request.originalUrl ?? request.url ?? '/'
  const host = request.headers.host ?? 'localhost'
  const site = `${isSecure ? 'https' : 'http'}://${host}`
  const origin = URL.canParse(site) ? new URL(site).origin : 'http://localhost'
  return new URL(path.startsWith('/') ? origin + path : path)
}

function headersOf({ rawHeaders }: NodeRequest): Headers {
  const headers = new Headers()
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2)
    if (!name.startsWith(':')) headers.append(name, value)
  }
  return headers
}

/** What was parsed before is written as JSON again: the routes take nothing else. */
function bodyOf(request: NodeRequest): ReadableStream | string | null {
  if (!request.readableEnded && !request.readableDidRead) return Readable.toWeb(request) as ReadableStream
  const { body } = request
  if (body === undefined || body === null) return null
  return typeof body === 'string' ? body : JSON.stringify(body)
}
