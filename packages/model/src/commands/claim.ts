import fc from 'fast-check'
import type { Call } from '../call.js'
import { anyQueue } from '../names.js'
import { durations } from '../time.js'
import type { World } from '../world.js'

const anyQueues = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ queues: fc.uniqueArray(anyQueue, { minLength: 1 }) }) },
  { weight: 1, arbitrary: fc.record({ exceptQueues: fc.uniqueArray(anyQueue, { maxLength: 1 }) }) },
)

export const anyClaim = fc.record({
  do: fc.constant('claim' as const),
  limit: fc.integer({ min: 1, max: 4 }),
  processors: fc.constantFrom(['one', 'two'], ['one', 'two'], ['one'], ['two']),
  leaseMs: fc.constantFrom(durations.shortLeaseMs, durations.longLeaseMs),
  queues: anyQueues,
  isRepeated: fc.constantFrom(false, false, false, false, true),
})
type Claim = typeof anyClaim extends fc.Arbitrary<infer Value> ? Value : never

export function claimOf({ limit, processors, leaseMs, queues, isRepeated }: Claim, world: World): Call {
  const claimId = isRepeated ? world.claimId : `claim ${world.step}`
  return { do: 'claim', isRepeated, request: { claimId, limit, processors, leaseMs, ...queues } }
}
