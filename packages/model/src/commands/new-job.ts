import type { NewJob } from '@longhaul/core/store'
import fc from 'fast-check'
import { partial } from './records.js'

/** What stands in queries and claims. */
export const processors = ['work', 'mail'] as const
export const queues = ['fast', 'slow'] as const
export const lanes = ['narrow', 'wide'] as const
export const keys = ['k', 'l'] as const
export const tenants = ['t', 'u'] as const
export const groups = ['g', 'h'] as const
export const tags = ['red', 'blue'] as const

/** How jobs differ, but mostly they don't. */
export const anyDetails: fc.Arbitrary<Partial<NewJob>> = partial({
  processor: fc.constantFrom(...processors),
  queue: fc.constantFrom(...queues),
  priority: fc.integer({ min: -1, max: 1 }),
  tenant: fc.constantFrom(...tenants),
  correlationId: fc.constant('c'),
  lane: fc.constantFrom(null, null, lanes[1]),
  laneLimit: fc.constantFrom(1, 2),
  group: fc.constantFrom(null, ...groups),
  delayMs: fc.constantFrom(0, 0, 5_000),
  tags: fc.subarray([...tags]),
  note: fc.constant('n'),
})
