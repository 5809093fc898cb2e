import { createRunner } from '@longhaul/core'
import type { Store } from '@longhaul/core/store'
import { bearer, type HandOver } from '@longhaul/http'
import { longhaul, type VercelEnvironment } from '@longhaul/vercel'
import { enrich } from './enrich.js'

export interface Environment extends VercelEnvironment {
  /** What other services bring to enqueue and follow jobs. */
  readonly API_TOKEN?: string | undefined
}

export interface AppOptions {
  readonly store: Store
  readonly environment: Environment
  /** In place of the call to the deployment's own address. */
  readonly handOver?: HandOver
}

/** The function: `/api/jobs` for people's programs, `/api/jobs/work` for cron and for itself. */
export function createApp({ store, environment, handOver }: AppOptions) {
  const runner = createRunner({ store, processors: [enrich], leaseMs: 10_000 })
  return longhaul(runner, {
    basePath: '/api/jobs',
    authorize: bearer(environment.API_TOKEN, { roles: ['admin'], tenant: null }),
    work: { environment, ...(handOver ? { handOver } : {}) },
  })
}
