import type { Runner } from '@longhaul/core'
import { type Access, createHandler, type HandlerOptions } from '@longhaul/http'
import { type NodeRequest, toNodeListener } from '@longhaul/http/node'

/** The few members of Express's request that are used. */
export interface ExpressRequest extends NodeRequest {
  /** Where the router is mounted. */
  readonly baseUrl: string
  readonly ip?: string | undefined
}

export interface ExpressOptions<Request extends ExpressRequest = ExpressRequest>
  extends Omit<HandlerOptions, 'authorize' | 'basePath'> {
  /** Who may do what, by Express's own request: its session, its user. `null` for somebody unknown. */
  readonly authorize: (request: Request) => Access | null | Promise<Access | null>
}

// biome-ignore lint/suspicious/noExplicitAny: what Express 4 and Express 5 both take, without their types
export type ExpressHandler = (request: any, response: any) => Promise<void>

/**
 * The routes, to be mounted: `app.use('/api/jobs', longhaul(runner, { authorize }))`. For Express 4 and 5, before or behind
 * `express.json()`.
 *
 * @throws {OptionsError} without `authorize`.
 */
export function longhaul<Request extends ExpressRequest>(
  runner: Runner,
  { authorize, ...options }: ExpressOptions<Request>,
): ExpressHandler {
  const handler = createHandler(runner, {
    ...options,
    authorize: authorize && ((_, { source }) => authorize(source as Request)),
  })
  return toNodeListener(handler, request => {
    const { baseUrl, ip } = request as ExpressRequest
    return { basePath: baseUrl, client: ip, source: request }
  })
}
