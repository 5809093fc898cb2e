import type { HandlerContext } from '@longhaul/http'

/** What Vercel's runtime puts there at each request; its package `@vercel/functions` reads the same. */
interface VercelRequestContext {
  readonly waitUntil?: (promise: Promise<unknown>) => void
  /** ISO 8601. */
  readonly deadline?: string
}

const key = Symbol.for('@vercel/request-context')

/**
 * What Vercel knows about the request that is being answered: its deadline, and how to go on behind the answer. Away from
 * Vercel, and outside a request, there is neither: then nothing is promised that would silently not happen.
 */
export function vercelContext(request?: Request): HandlerContext {
  const { waitUntil, deadline } = requestContext()
  return {
    ...(waitUntil ? { waitUntil: promise => waitUntil(promise) } : {}),
    ...(deadline === undefined ? {} : { deadline: new Date(deadline) }),
    ...clientOf(request),
  }
}

function requestContext(): VercelRequestContext {
  const holder = (globalThis as { [key]?: { get?(): VercelRequestContext | undefined } })[key]
  return holder?.get?.() ?? {}
}

/** Vercel overwrites this header, so it can be believed there. */
function clientOf(request: Request | undefined): HandlerContext {
  const client = request?.headers.get('x-vercel-forwarded-for')
  return client ? { client } : {}
}
