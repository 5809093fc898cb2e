import type { Processor } from '@longhaul/core'
import { type WorkizPorts, workizSync } from '@longhaul/workiz'
import { accountTimeZone } from './app-database.js'

/** Refreshes every stored record, a call each. */
export function crmRefresh(baseUrl: string, ports: WorkizPorts) {
  return hurried(
    workizSync(
      {
        mode: 'refresh',
        baseUrl,
        accountTimeZone,
        rate: { perSecond: 100, pauseEvery: { calls: 25, pauseMs: 200 } },
        retry: { retries: 2, backoff: { type: 'exponential', delayMs: 100, maxMs: 400 } },
        batchSize,
      },
      ports,
    ),
  )
}

/** After a kill at most this many records are asked for again. */
export const batchSize = 25

/** The real limits make minutes of every refusal. Here they are short, so that one can watch. */
function hurried<P extends Processor<string, never, unknown>>(sync: P): P {
  const { gate } = sync.policies
  if (!gate) return sync
  return { ...sync, policies: { ...sync.policies, gate: input => ({ ...gate(input), ...shortWaits }) } }
}

const shortWaits = {
  blockedMs: 2_500,
  blockedMaxMs: 2_500,
  waitInPlaceMs: 500,
  slowAfterBlocked: { factor: 0.5, forMs: 2_000 },
  breaker: { failureThreshold: 5, recoveryMs: 2_500 },
}
