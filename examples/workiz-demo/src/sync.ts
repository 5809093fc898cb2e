import { type WorkizPorts, workizSync } from '@longhaul/workiz'
import { accountTimeZone } from './app-database.js'

/** Refreshes every stored record, a call each. */
export function crmRefresh(baseUrl: string, ports: WorkizPorts) {
  return workizSync(
    {
      mode: 'refresh',
      baseUrl,
      accountTimeZone,
      rate: { perSecond: 100, pauseEvery: { calls: 25, pauseMs: 200 } },
      gate: shortWaits,
      retry: { retries: 2, backoff: { type: 'exponential', delayMs: 100, maxMs: 400 } },
      batchSize,
    },
    ports,
  )
}

/** After a kill at most this many records are asked for again. */
export const batchSize = 25

/** The real limits make minutes of every refusal. Here they are short, so that one can watch. */
const shortWaits = {
  blockedMs: 1_500,
  waitInPlaceMs: 500,
  slowAfterBlocked: { factor: 0.5, step: 0.1, everyMs: 400 },
  breaker: { failureThreshold: 5, recoveryMs: 2_500 },
}
