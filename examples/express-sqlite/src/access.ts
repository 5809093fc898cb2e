import { type Access, bearer } from '@longhaul/http'
import type { Request, RequestHandler } from 'express'

/** One account, one token. An app with sessions looks up whose `request.session` it is, and answers with that tenant. */
const access: Access = { tenant: 'demo', roles: ['read', 'act', 'enqueue'], subject: 'demo' }

export type Authorize = (request: Request) => Access | null

export function authorizeBy(token: string): Authorize {
  return bearer(token, access)
}

/** The same door for the app's own routes. */
export function requireAccess(authorize: Authorize): RequestHandler {
  return (request, response, next) => {
    if (authorize(request)) next()
    else response.status(401).json({ error: 'Bring the token.' })
  }
}
