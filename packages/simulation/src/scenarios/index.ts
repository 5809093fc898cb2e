import { manyCancelled, manyRetried } from './bulk.js'
import { cascade, diamond } from './groups.js'
import { deaf, endless, retriedTooLong } from './limits.js'
import { checkpoints, gate, lane, retried, schedule } from './runs.js'
import type { Scenario } from './scenario.js'
import { sealed } from './sealed.js'
import { slots } from './slots.js'
import { closed } from './switched.js'
import { handOver, severalBatches, tolerated } from './walks.js'
import { cancelled, paused } from './wishes.js'

export { manyCancelled, manyRetried } from './bulk.js'
export { cascade, diamond } from './groups.js'
export { deaf, endless, retriedTooLong } from './limits.js'
export { checkpoints, gate, lane, retried, schedule } from './runs.js'
export type { ExpectedJob, ExpectedSlots, Hands, Scenario } from './scenario.js'
export { sealed } from './sealed.js'
export { slots } from './slots.js'
export { closed } from './switched.js'
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
  slots,
  retriedTooLong,
  endless,
  deaf,
  manyCancelled,
  manyRetried,
  closed,
  sealed,
]
