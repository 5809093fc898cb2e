import { type Clock, OptionsError } from '@longhaul/core'
import type { Authorize } from './access/access.js'
import type { FailureLimit } from './access/failures.js'
import { checkSecrets } from './access/secrets.js'
import type { Shown } from './answer/shown.js'
import type { EventsOptions } from './events/options.js'
import type { BeforeEnqueue } from './routes/deps.js'
import type { WorkRouteOptions } from './work/options.js'

export interface HandlerOptions {
  /** Who may do what. There is no way to leave the routes open by forgetting it. */
  readonly authorize: Authorize
  /** Where the routes are, as browsers see it: `/api/longhaul`, without a slash at the end. @defaultValue '' */
  readonly basePath?: string
  /** Other origins whose pages may call, as `https://app.example.com`: they get CORS headers. @defaultValue none */
  readonly origins?: readonly string[]
  /** What answers show beside what is safe. @defaultValue nothing */
  readonly show?: Shown
  /** Checks what was asked for, and adds what the app decides. */
  readonly beforeEnqueue?: BeforeEnqueue
  /** Lets cron and the app itself call `/work`. Absent: there is no such route. */
  readonly work?: WorkRouteOptions
  readonly events?: EventsOptions
  /** Of one client; see `HandlerContext.client`. */
  readonly failures?: FailureLimit
  /** @defaultValue 102_400 */
  readonly maxBodyBytes?: number
  /** How long a body may take to arrive. @defaultValue 10_000 */
  readonly bodyTimeoutMs?: number
  /** Hears what went wrong and was answered with a 5xx, and what went wrong behind an answer. @defaultValue `console.error` */
  readonly onError?: (error: unknown) => void
  /** @defaultValue the system's */
  readonly clock?: Clock
}

/** @throws {OptionsError} */
export function checkOptions(options: HandlerOptions): void {
  const { authorize, basePath = '', origins = [] } = options
  if (typeof authorize !== 'function') {
    throw new OptionsError(
      'authorize',
      'is a function that says who may do what: without one, anyone could do anything',
    )
  }
  if (basePath !== '' && !/^(\/[\w~.-]+)+$/.test(basePath)) {
    throw new OptionsError('basePath', `must be like /api/longhaul, not ${JSON.stringify(basePath)}`)
  }
  for (const origin of origins) checkOrigin(origin)
  checkSecrets(options.work?.secrets)
}

function checkOrigin(origin: string): void {
  if (URL.canParse(origin) && new URL(origin).origin === origin) return
  throw new OptionsError('origins', `must be like https://app.example.com, not ${JSON.stringify(origin)}`)
}
