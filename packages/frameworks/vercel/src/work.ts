import { type HandOver, type Secrets, selfCall, type WorkRouteOptions } from '@longhaul/http'
import { bypassIn, originIn, type VercelEnvironment } from './environment.js'

export interface VercelWorkOptions extends Partial<WorkRouteOptions> {
  /** Where the routes are, as `/api/jobs`. */
  readonly basePath: string
  /** @defaultValue `CRON_SECRET` */
  readonly secrets?: Secrets
  /** @defaultValue `process.env` */
  readonly environment?: VercelEnvironment
}

/**
 * The `work` option of a handler on Vercel: cron comes with `CRON_SECRET`, and an invocation that ends with work left starts
 * the next one at the deployment's own address. Away from Vercel, cron alone goes on.
 */
export function vercelWork({
  basePath,
  environment = process.env,
  ...options
}: VercelWorkOptions): WorkRouteOptions {
  const { secrets = environment.CRON_SECRET } = options
  const handOver = options.handOver ?? ownCall(environment, `${basePath}/work`, secrets)
  return { ...options, secrets, ...(handOver ? { handOver } : {}) }
}

function ownCall(environment: VercelEnvironment, path: string, secrets: Secrets): HandOver | undefined {
  const origin = originIn(environment)
  return origin === undefined
    ? undefined
    : selfCall({ url: origin + path, secrets, headers: bypassIn(environment) })
}
