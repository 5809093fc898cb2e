import type { Clock } from '../clock.js'
import type { SlotUse } from '../engine/worker.js'
import { type BacklogDeps, readBacklog, readSafely, type Vitals, within } from '../health/index.js'
import type { ReadProcess } from '../process-usage.js'
import { exposition } from './exposition.js'
import { gauges } from './gauges.js'
import type { Tally } from './tally.js'

export interface MetricsDeps extends BacklogDeps {
  readonly clock: Clock
  /** How long the store has to say how many jobs there are. */
  readonly storeTimeoutMs: number
  readonly tally: Tally
  readonly vitals: Vitals
  readonly process: ReadProcess
  opened(): Promise<void>
  slots(): SlotUse | undefined
}

/** Never rejects: while the store can't be reached, what it would tell is left out. */
export function createMetrics(deps: MetricsDeps): () => Promise<string> {
  return async () => {
    const reading = deps.opened().then(() => readBacklog(deps))
    const backlog = await within(deps.storeTimeoutMs, deps.clock, reading).catch(() => null)
    const usage = readSafely(deps.process)
    const standing = { backlog, usage, slots: deps.slots(), lateMs: deps.vitals.lateMs() }
    return exposition([...gauges(standing), ...deps.tally.families()])
  }
}
