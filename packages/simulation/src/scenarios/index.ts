import { cascade, diamond } from './groups.js'
import { checkpoints, gate, lane, retried, schedule } from './runs.js'
import type { Scenario } from './scenario.js'
import { handOver, severalBatches, tolerated } from './walks.js'
import { cancelled, paused } from './wishes.js'

export { cascade, diamond } from './groups.js'
export { checkpoints, gate, lane, retried, schedule } from './runs.js'
export type { ExpectedJob, Hands, Scenario } from './scenario.js'
export { handOver, severalBatches, tolerated } from './walks.js'
export { cancelled, paused } from './wishes.js'

export const scenarios: readonly Scenario[] = [
  retried,
  severalBatches,
  tolerated,
  checkpoints,
  handOver,
  lane,
  diamond,
  cascade,
  cancelled,
  paused,
  gate,
  schedule,
]
