import type { After, FollowUp, NewJob } from '@longhaul/core/store'
import fc from 'fast-check'
import type { Call } from '../call.js'
import { anyGroup, anyId, anyKey, anyLane, anyPriority, anyQueue } from '../names.js'
import { durations } from '../time.js'
import type { World } from '../world.js'

const plain = {
  key: null,
  lane: null,
  laneLimit: 1,
  tenant: null,
  correlationId: null,
  tags: [],
  group: null,
}

const anyTrait: fc.Arbitrary<Partial<FollowUp>> = fc.oneof(
  fc.constant({}),
  fc.record({ key: anyKey }),
  fc.record({ delayMs: fc.constantFrom(durations.shortDelayMs, durations.longDelayMs) }),
  fc.record({ lane: anyLane, laneLimit: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ tags: fc.subarray(['t1', 't2']), tenant: fc.constantFrom('acme', null) }),
  fc.record({ correlationId: fc.constantFrom('r1', 'r2'), note: fc.constant('note') }),
  fc.record({ group: anyGroup }),
)

/** A job with up to two traits that the others lack. */
export const anyNewcomer: fc.Arbitrary<FollowUp> = fc
  .record({
    id: anyId,
    processor: fc.constantFrom('one', 'one', 'one', 'two'),
    queue: anyQueue,
    priority: anyPriority,
    traits: fc.array(anyTrait, { maxLength: 2 }),
  })
  .map(({ traits, ...job }) =>
    Object.assign({ ...job, ...plain, input: `"${job.id}"`, note: null, delayMs: 0 }, ...traits),
  )

/** Whom a job waits for: some of those that are there, by their place, and perhaps a stranger. */
const anyWait = fc.record({
  of: fc.array(fc.nat(9), { maxLength: 3 }),
  outcome: fc.constantFrom<After['outcome']>('succeeded', 'ended'),
  isStrange: fc.constantFrom(...Array<boolean>(11).fill(false), true),
})
type Wait = typeof anyWait extends fc.Arbitrary<infer Value> ? Value : never

export const anyInsert = fc.record({
  do: fc.constant('insert' as const),
  jobs: fc.uniqueArray(fc.record({ job: anyNewcomer, wait: fc.option(anyWait) }), {
    minLength: 1,
    maxLength: 4,
    selector: ({ job }) => job.id,
  }),
})
type Insert = typeof anyInsert extends fc.Arbitrary<infer Value> ? Value : never

export function insertOf({ jobs }: Insert, { seen }: World): Call {
  const known = seen.jobs.map(({ id }) => id)
  return { do: 'insert', jobs: jobs.map(each => newJobOf(each, known)) }
}

/** Those that the call has added so far can be waited for as well. */
function newJobOf({ job, wait }: Insert['jobs'][number], known: string[]): NewJob {
  const after = wait && afterOf(wait, known)
  known.push(job.id)
  return after ? { ...job, after } : job
}

function afterOf({ of, outcome, isStrange }: Wait, known: readonly string[]): After {
  const ids = of.flatMap(place => known[place % known.length] ?? [])
  return { outcome, ids: isStrange ? [...ids, 'nobody'] : ids }
}
