import type { ItemRecord, LogLine, Patch } from '@longhaul/core/store'
import fc from 'fast-check'
import type { Call, Deed, NamedWrite } from '../call.js'
import { anyCursor, anyProgress } from '../names.js'
import { durations } from '../time.js'
import { tokenOf, type World } from '../world.js'
import { anyNewcomer } from './insert.js'

export interface Done {
  readonly as: Deed
  readonly patch: Patch
}

const count = fc.nat(3)
const anyDelay = fc.record(
  { delayMs: fc.constantFrom(durations.shortDelayMs, durations.longDelayMs) },
  { requiredKeys: [] },
)
const anyLease = fc.constantFrom(durations.shortLeaseMs, durations.longLeaseMs)
const error = 'it broke'

const anyKept: fc.Arbitrary<Patch> = fc.oneof(
  fc.constant({}),
  fc.record({ leaseMs: anyLease }),
  fc.record({ cursor: anyCursor }),
  fc.record({ progress: anyProgress, memo: fc.constantFrom('m1', null), crashes: fc.constant(0) }),
  fc.record({ leaseMs: anyLease, cursor: anyCursor, progress: anyProgress, output: fc.constant('"so far"') }),
)

const leaves: Readonly<Record<string, fc.Arbitrary<Patch>>> = {
  yielded: both({ state: 'waiting' }, fc.record({ cursor: anyCursor, interruptions: count })),
  throttled: both({ state: 'waiting' }, fc.tuple(anyDelay, fc.record({ throttles: count })).map(merged)),
  failed: both({ state: 'waiting', error }, fc.tuple(anyDelay, fc.record({ attempts: count })).map(merged)),
  exhausted: fc.constant({ state: 'failed', error }),
  completed: both({ state: 'completed' }, fc.record({ output: fc.constantFrom('"done"', null) })),
  completed_with_errors: both({ state: 'completed_with_errors' }, fc.record({ progress: anyProgress })),
  cancel: fc.constant({ state: 'cancelled' }),
  pause: both({ state: 'paused' }, fc.record({ cursor: anyCursor })),
}

const anyDone: fc.Arbitrary<Done> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ as: fc.constant('kept' as const), patch: anyKept }) },
  ...Object.entries(leaves).map(([as, patch]) => ({
    weight: 1,
    arbitrary: fc.record({ as: fc.constant(as as Deed), patch }),
  })),
)

const anyItem: fc.Arbitrary<ItemRecord> = fc.record({
  key: fc.constantFrom('i1', 'i2', 'i3'),
  outcome: fc.constantFrom('completed', 'skipped', 'failed'),
  value: fc.constantFrom('{"n":1}', null),
  error: fc.constantFrom(error, null),
})
const anyLine: fc.Arbitrary<LogLine> = fc.record({
  level: fc.constantFrom('info', 'warn'),
  message: fc.constantFrom('here', 'there'),
})

const anyWrite = fc.record({
  /** Of those that run, or of all that are there. */
  job: fc.nat(9),
  aim: fc.constantFrom('held', 'held', 'held', 'held', 'held', 'held', 'anyone', 'stale', 'again'),
  done: anyDone,
  more: fc.record(
    {
      items: fc.array(anyItem, { minLength: 1, maxLength: 3 }),
      logs: fc.array(anyLine, { minLength: 1, maxLength: 2 }),
      follow: fc.array(anyNewcomer, { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: [] },
  ),
})
type AnyWrite = typeof anyWrite extends fc.Arbitrary<infer Value> ? Value : never

export const anyCommit = fc.record({
  do: fc.constant('commit' as const),
  writes: fc.array(anyWrite, { minLength: 1, maxLength: 3 }),
})
type Commit = typeof anyCommit extends fc.Arbitrary<infer Value> ? Value : never

export function commitOf({ writes }: Commit, world: World): Call {
  const seqs = new Map(world.seqs)
  return { do: 'commit', writes: writes.map(write => writeOf(write, world, seqs)) }
}

/** `seqs` goes on with each write, for there may be more of one holder in a call. */
function writeOf({ job, aim, done, more }: AnyWrite, { seen }: World, seqs: Map<string, number>): NamedWrite {
  const running = seen.jobs.filter(({ state }) => state === 'running')
  const choice = aim === 'anyone' ? seen.jobs : running
  const holder = choice[job % choice.length] ?? { id: 'j1', token: 1 }
  const target = { id: holder.id, token: holder.token - (aim === 'stale' ? 1 : 0) }
  const last = seqs.get(tokenOf(target)) ?? 0
  const seq = Math.max(1, aim === 'again' ? last : last + 1)
  seqs.set(tokenOf(target), seq)
  return { as: done.as, isNew: seq > last, write: { ...target, seq, patch: done.patch, ...more } }
}

function both(patch: Patch, more: fc.Arbitrary<Patch>): fc.Arbitrary<Patch> {
  return more.map(others => ({ ...patch, ...others }))
}

function merged([one, other]: readonly [Patch, Patch]): Patch {
  return { ...one, ...other }
}
