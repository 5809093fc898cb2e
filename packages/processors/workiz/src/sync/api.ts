import type { GateOptions } from '@longhaul/core'
import { WorkizClient } from '../client/client.js'
import { isWorkizError, WorkizError } from '../client/errors.js'
import { accountKey, type StepContext, type Sync, type WorkizSyncInput } from './sync.js'

const blockedMs = 20_000

/** The wall that Workiz is known to have, and what to do when it or the network is met. */
export function gateOf(input: WorkizSyncInput, { rules: { rate, gate } }: Sync): GateOptions {
  return {
    spacingMs: Math.ceil(1_000 / rate.perSecond),
    ...(rate.pauseEvery && { pauseAfter: rate.pauseEvery }),
    blockedMs,
    slowAfterBlocked: { factor: 0.5, step: 0.1, everyMs: 60_000 },
    breaker: { failureThreshold: 5, recoveryMs: 300_000 },
    ...gate,
    key: accountKey(input),
  }
}

/** Asks Workiz, through the gate. @throws {WorkizError} */
export async function ask<Result>(
  sync: Sync,
  { input, call }: StepContext,
  question: (client: WorkizClient, options: { signal: AbortSignal }) => Promise<Result>,
): Promise<Result> {
  const client = await clientOf(sync, input)
  const rest = askForRest(sync.rules.gate.blockedMs ?? blockedMs)
  return call(signal => question(client, { signal }).catch(rest), sync.rules.retry)
}

async function clientOf({ ports, clock, baseUrl, rules }: Sync, { tenantId, accountId }: WorkizSyncInput) {
  const { apiToken } = await ports.credentials(tenantId, accountId)
  return new WorkizClient({
    apiToken,
    clock,
    requestTimeoutMs: rules.requestTimeoutMs,
    listTimeoutMs: rules.requestTimeoutMs * 1.5,
    ...(baseUrl !== undefined && { baseUrl }),
    ...(ports.fetch && { fetch: ports.fetch }),
  })
}

/** Workiz refuses for longer than it says: after a 429 at least so much time passes. */
function askForRest(leastMs: number) {
  return (error: unknown): never => {
    if (!isWorkizError(error) || error.code !== 'rate_limited') throw error
    const { code, message, scope, retryable, status } = error
    const retryAfterMs = Math.max(error.retryAfterMs ?? 0, leastMs)
    throw new WorkizError(code, message, { scope, retryable, status, retryAfterMs })
  }
}
