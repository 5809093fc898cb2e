import type { JobFilter, Wish } from '@longhaul/core/store'
import fc from 'fast-check'
import { anyCursor, anyGroup, anyId, anyKey, anyLane, anyPriority, anyProgress, anyQueue } from '../names.js'

const anyIds = fc.record({ ids: fc.uniqueArray(anyId, { minLength: 1, maxLength: 3 }) })
const anyStates = fc.uniqueArray(
  fc.constantFrom<NonNullable<JobFilter['states']>[number]>(
    'blocked',
    'waiting',
    'running',
    'paused',
    'failed',
    'cancelled',
    'completed_with_errors',
  ),
  { minLength: 1, maxLength: 3 },
)

export const anyFilter: fc.Arbitrary<JobFilter> = fc.oneof(
  { weight: 10, arbitrary: anyIds },
  { weight: 2, arbitrary: fc.record({ group: anyGroup }) },
  { weight: 2, arbitrary: fc.record({ states: anyStates }) },
  { weight: 1, arbitrary: fc.record({ states: anyStates, group: anyGroup }) },
  { weight: 1, arbitrary: fc.constant({ tenant: 'acme' }) },
  { weight: 1, arbitrary: fc.record({ lane: anyLane, queues: fc.uniqueArray(anyQueue) }) },
  { weight: 1, arbitrary: fc.record({ tag: fc.constantFrom('t1', 't2') }) },
  { weight: 1, arbitrary: fc.record({ key: anyKey, processors: fc.constant(['one']) }) },
  { weight: 1, arbitrary: fc.record({ correlationId: fc.constantFrom('r1', 'r2') }) },
  { weight: 1, arbitrary: fc.constant({}) },
)

const anyWork = fc.record(
  { cursor: anyCursor, memo: fc.constantFrom('m2', null), progress: anyProgress },
  { requiredKeys: [] },
)

const anyWish: fc.Arbitrary<Wish> = fc.oneof(
  fc.record({ kind: fc.constantFrom('cancel', 'pause', 'pause', 'resume', 'resume', 'promote', 'retry') }),
  fc.record({ kind: fc.constant('retry'), work: anyWork }),
  fc.record(
    { kind: fc.constant('move'), queue: anyQueue, priority: anyPriority },
    { requiredKeys: ['kind'] },
  ),
)

export const anyRequest = fc.record({ do: fc.constant('request' as const), wish: anyWish, filter: anyFilter })

export const anyLook = fc.record({
  do: fc.constant('look' as const),
  filter: anyFilter,
  limit: fc.integer({ min: 1, max: 4 }),
})
