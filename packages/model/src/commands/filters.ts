import { type JobFilter, type JobState, transitions } from '@longhaul/core/store'
import fc from 'fast-check'
import { groups, keys, lanes, processors, queues, tags, tenants } from './new-job.js'
import { whole } from './records.js'

const anyStates = fc.subarray(Object.keys(transitions) as JobState[], { minLength: 1, maxLength: 3 })

/** One or two fields, or every job. */
export const anyFilter: fc.Arbitrary<JobFilter> = fc
  .tuple(
    fc.oneof(
      fc.constant({}),
      whole<JobFilter>({ states: anyStates }),
      whole<JobFilter>({ processors: fc.subarray([...processors], { minLength: 1 }) }),
      whole<JobFilter>({ queues: fc.subarray([...queues]) }),
    ),
    fc.oneof(
      fc.constant({}),
      whole<JobFilter>({ group: fc.constantFrom(...groups) }),
      whole<JobFilter>({ lane: fc.constantFrom(...lanes) }),
      whole<JobFilter>({ tenant: fc.constantFrom(...tenants) }),
      whole<JobFilter>({ key: fc.constantFrom(...keys) }),
      whole<JobFilter>({ tag: fc.constantFrom(...tags) }),
      whole<JobFilter>({ correlationId: fc.constant('c') }),
    ),
  )
  .map(([one, other]) => ({ ...one, ...other }))
