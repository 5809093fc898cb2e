import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Handler } from '../handler.js'
import type { HandlerContext } from '../router/context.js'
import { type NodeRequest, toRequest } from './request.js'
import { respond } from './respond.js'

export type { NodeRequest } from './request.js'

export type NodeListener = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/**
 * A handler as a listener of `node:http`: what Express, Fastify and the pages of Next call. When the client goes away, its
 * stream ends.
 *
 * @param contextOf What is known about a request. @defaultValue the address of its socket, as the client
 */
export function toNodeListener(
  handler: Handler,
  contextOf: (request: NodeRequest) => HandlerContext = ({ socket }) => ({ client: socket.remoteAddress }),
): NodeListener {
  return async (request, response) => {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    response.on('error', () => gone.abort())
    const answer = await answerTo(handler, request, contextOf, gone.signal)
    await respond(answer, response, gone.signal)
  }
}

/** What is no request, such as a header that the web does not know, is the client's mistake. */
async function answerTo(
  handler: Handler,
  request: IncomingMessage,
  contextOf: (request: NodeRequest) => HandlerContext,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await handler(toRequest(request, signal), contextOf(request))
  } catch {
    return new Response(null, { status: 400 })
  }
}
