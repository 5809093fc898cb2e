import type { Runner } from '@longhaul/core'
import { createHandler } from '@longhaul/http'
import { type NodeListener, type NodeRequest, toNodeListener } from '@longhaul/http/node'
import type { NextOptions } from './app.js'

export interface PagesOptions extends Omit<NextOptions, 'context'> {
  /** What the platform knows besides. @defaultValue the address of the socket, as the client */
  readonly context?: (request: NodeRequest) => ReturnType<NonNullable<NextOptions['context']>>
}

/**
 * The routes for Next's pages: the default export of `pages/api/jobs/[[...path]].ts`. With or without Next's body parser.
 *
 * @throws {OptionsError} without `authorize`.
 */
export function pagesRoute(runner: Runner, { after, context, ...options }: PagesOptions): NodeListener {
  return toNodeListener(createHandler(runner, options), request => ({
    waitUntil: after,
    client: request.socket.remoteAddress,
    source: request,
    ...context?.(request),
  }))
}
