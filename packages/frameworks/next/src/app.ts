import type { Runner } from '@longhaul/core'
import { createHandler, type HandlerContext, type HandlerOptions } from '@longhaul/http'

export interface NextOptions extends HandlerOptions {
  /** Where the route file is, as browsers see it: `/api/jobs` for `app/api/jobs/[[...path]]/route.ts`. */
  readonly basePath: string
  /** `after` of `next/server`: keeps the function alive for what goes on behind an answer. */
  readonly after?: (promise: Promise<unknown>) => void
  /** What the platform knows besides: on Vercel, `vercelContext` of `@longhaul/vercel`. */
  readonly context?: (request: Request) => HandlerContext
}

type RouteHandler = (request: Request) => Promise<Response>

/** What `route.ts` exports. */
export interface AppRoute {
  readonly GET: RouteHandler
  readonly POST: RouteHandler
  readonly HEAD: RouteHandler
  readonly OPTIONS: RouteHandler
}

/**
 * The routes for Next's app router: `export const { GET, POST, HEAD, OPTIONS } = appRoute(runner, { … })`.
 *
 * @throws {OptionsError} without `authorize`.
 */
export function appRoute(runner: Runner, { after, context, ...options }: NextOptions): AppRoute {
  const handler = createHandler(runner, options)
  const respond: RouteHandler = request => handler(request, { waitUntil: after, ...context?.(request) })
  return { GET: respond, POST: respond, HEAD: respond, OPTIONS: respond }
}
