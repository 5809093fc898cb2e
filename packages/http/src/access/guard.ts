import { HttpError } from '../answer/http-error.js'
import type { HandlerContext } from '../router/context.js'
import { type Access, type Authorize, allows, isAccess, type Role } from './access.js'
import type { Failures } from './failures.js'
import { isOwnRequest } from './same-site.js'

export interface GuardDeps {
  readonly authorize: Authorize
  readonly origins: readonly string[]
  readonly failures: Failures
}

/** Who is not told apart from others shares a name with them. */
const anyone = 'anyone'

/** The door: everything that is asked comes through here, and nothing that a header says opens it. */
export function createGuard({ authorize, origins, failures }: GuardDeps) {
  /** @throws {HttpError} `too_many_failures`, before anything is looked up for a client that is known and failed often. */
  function refuseGuesser(client: string | undefined): void {
    if (client !== undefined) refuseFor(failures.waitMs(client))
  }

  /** A client that can't be told apart is refused only where it fails: others must not pay for its tries. */
  function fail(client = anyone): never {
    refuseFor(failures.waitMs(client))
    failures.add(client)
    throw new HttpError(401, 'unauthorized', 'Say who you are: the app knows no session or token here.', {
      headers: { 'www-authenticate': 'Bearer' },
    })
  }

  return {
    refuseGuesser,
    fail,

    /** @throws {HttpError} 401, 403 or 429. */
    async admit(request: Request, role: Role, context: HandlerContext): Promise<Access> {
      const { client } = context
      refuseGuesser(client)
      const access = await authorize(request, context)
      if (access === null) fail(client)
      if (!isAccess(access)) throw new TypeError('authorize must answer null, or roles and a tenant')
      if (!allows(access, role)) throw forbidden(`This needs the role ${role}.`)
      if (request.method !== 'GET' && !isOwnRequest(request, origins)) {
        throw forbidden('This comes from a page of another site. Name it in `origins` if it may.')
      }
      return access
    },
  }
}

export type Guard = ReturnType<typeof createGuard>

export function forbidden(detail: string): HttpError {
  return new HttpError(403, 'forbidden', detail)
}

function refuseFor(waitMs: number): void {
  if (waitMs <= 0) return
  throw new HttpError(429, 'too_many_failures', 'Too many failed tries. Wait before the next one.', {
    headers: { 'retry-after': `${Math.ceil(waitMs / 1_000)}` },
  })
}
