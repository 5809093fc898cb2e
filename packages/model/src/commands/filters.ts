import { type JobFilter, type JobState, transitions } from '@longhaul/core/store'
import fc from 'fast-check'
import { groups, keys, lanes, processors, queues, tags, tenants } from './new-job.js'

const anyStates = fc.subarray(Object.keys(transitions) as JobState[], { minLength: 1, maxLength: 3 })

/** One or two fields, or every job. */
export const anyFilter: fc.Arbitrary<JobFilter> = fc
  .tuple(
    fc.oneof(
      fc.constant({}),
      fc.record({ states: anyStates }),
      fc.record({ processors: fc.subarray([...processors], { minLength: 1 }) }),
      fc.record({ queues: fc.subarray([...queues]) }),
    ),
    fc.oneof(
      fc.constant({}),
      fc.record({ group: fc.constantFrom(...groups) }),
      fc.record({ lane: fc.constantFrom(...lanes) }),
      fc.record({ tenant: fc.constantFrom(...tenants) }),
      fc.record({ key: fc.constantFrom(...keys) }),
      fc.record({ tag: fc.constantFrom(...tags) }),
      fc.record({ correlationId: fc.constant('c') }),
    ),
  )
  .map(([one, other]) => ({ ...one, ...other }))
