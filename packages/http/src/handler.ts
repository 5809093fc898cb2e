import { type Runner, systemClock } from '@longhaul/core'
import { corsHeaders, preflightHeaders } from './access/cors.js'
import { createFailures } from './access/failures.js'
import { createGuard } from './access/guard.js'
import { empty } from './answer/answer.js'
import { HttpError } from './answer/http-error.js'
import { problem, toHttpError } from './answer/problem.js'
import { readJson } from './ask/body.js'
import { checked, queryOf } from './ask/check.js'
import { checkOptions, type HandlerOptions } from './options.js'
import type { HandlerContext } from './router/context.js'
import { below, type Match, match } from './router/match.js'
import type { Call } from './router/route.js'
import { createRoutes } from './routes/routes.js'
import { createWorkSide, workPath } from './work/side.js'

/** Answers one request. It never rejects. */
export type Handler = (request: Request, context?: HandlerContext) => Promise<Response>

/**
 * Status routes, live events and a work route for a runner, as one function. Adapters translate for Express, Next and
 * Vercel; Hono, Bun and Deno call it as it is.
 *
 * @throws {OptionsError} without `authorize`, and for a path or an origin that is none.
 */
export function createHandler(runner: Runner, options: HandlerOptions): Handler {
  checkOptions(options)
  const { authorize, basePath = '', origins = [], clock = systemClock, show: shown = [] } = options
  const { maxBodyBytes = 102_400, bodyTimeoutMs = 10_000, onError = console.error } = options
  const failures = createFailures(options.failures ?? {}, () => clock.now())
  const guard = createGuard({ authorize, origins, failures })
  const work = createWorkSide({ runner, clock, guard, onError, options: options.work })
  const deps = { runner, clock, shown, beforeEnqueue: options.beforeEnqueue, workSoon: work.soon }
  const routes = createRoutes(deps, options.events ?? {})

  async function respond(request: Request, context: HandlerContext): Promise<Response> {
    const url = new URL(request.url)
    const path = below(context.basePath ?? basePath, url.pathname)
    if (path === undefined) throw notFound()
    if (path === workPath) return work.respond(request, context)
    const { match: found, methods } = match(routes, methodOf(request), path)
    if (methods.length === 0) throw notFound()
    if (request.method === 'OPTIONS') return empty(204, { ...preflightHeaders(methods), ...allow(methods) })
    if (!found) throw notAllowed(methods)
    return found.route.respond(await callOf(request, url, context, found))
  }

  async function callOf(
    request: Request,
    url: URL,
    context: HandlerContext,
    { route, params }: Match,
  ): Promise<Call> {
    const access = await guard.admit(request, route.needs, context)
    const query = route.query && checked(route.query, queryOf(url), 'query')
    const limits = { maxBodyBytes, bodyTimeoutMs }
    const body = route.body && checked(route.body, await readJson(request, limits, clock), 'body')
    return { request, context, params, access, query, body, basePath: context.basePath ?? basePath }
  }

  function explain(error: unknown): Response {
    const known = toHttpError(error)
    if (known.status >= 500 && known !== error) onError(error)
    return problem(known)
  }

  return async (request, context = {}) => {
    const response = await respond(request, context).catch(explain)
    for (const [name, value] of Object.entries(corsHeaders(request, origins))) {
      response.headers.set(name, value)
    }
    return request.method === 'HEAD' ? withoutBody(response) : response
  }
}

function methodOf({ method }: Request): string {
  return method === 'HEAD' ? 'GET' : method
}

async function withoutBody({ body, status, headers }: Response): Promise<Response> {
  await body?.cancel()
  return new Response(null, { status, headers })
}

function allow(methods: readonly string[]): Record<string, string> {
  const all = methods.includes('GET') ? [...methods, 'HEAD'] : methods
  return { allow: [...new Set([...all, 'OPTIONS'])].join(', ') }
}

function notFound(): HttpError {
  return new HttpError(404, 'not_found', 'There is nothing at this address.')
}

function notAllowed(methods: readonly string[]): HttpError {
  return new HttpError(405, 'method_not_allowed', 'This address does not take this method.', {
    headers: allow(methods),
  })
}
