import type { ItemRecord, Patch, Write } from '@longhaul/core/store'
import fc from 'fast-check'
import { aJob } from '../calls/job.js'
import { type Hold, liveHolds, nameIn, pick, staleHolds, type World } from '../world/world.js'
import { holderSays, progressOf, writeBy } from './holders.js'
import { anyPlace, kindOf } from './kind.js'
import { anyDetails, keys } from './new-job.js'
import { whole } from './records.js'

const anyItem: fc.Arbitrary<ItemRecord> = whole({
  key: fc.constantFrom('i1', 'i2', 'i3'),
  outcome: fc.constantFrom('completed', 'skipped', 'failed'),
  value: fc.constantFrom(null, 'v'),
  error: fc.constantFrom(null, 'e'),
})

const anyState = fc.constantFrom<NonNullable<Patch['state']> | undefined>(
  undefined,
  'waiting',
  'completed',
  'failed',
)

const patchTo = (state: Patch['state'], hold: Hold): Patch => ({
  ...progressOf(hold),
  ...(state && { state }),
})

export const record = holderSays(
  'record',
  { items: fc.array(anyItem, { minLength: 1, maxLength: 3 }), state: anyState },
  (hold, { items, state }) => ({ patch: patchTo(state, hold), items }),
)

export const log = holderSays(
  'log',
  { messages: fc.array(fc.constantFrom('one', 'two'), { minLength: 1, maxLength: 3 }), state: anyState },
  (hold, { messages, state }) => ({
    patch: patchTo(state, hold),
    logs: messages.map(message => ({ level: 'info', message })),
  }),
)

/** Jobs that come with a write; one may have its key already. */
export const followUp = holderSays(
  'followUp',
  {
    each: fc.array(fc.tuple(anyDetails, fc.constantFrom(null, null, ...keys)), {
      minLength: 1,
      maxLength: 3,
    }),
    state: anyState,
  },
  (hold, { each, state }, world) => ({
    patch: patchTo(state, hold),
    follow: each.map(([details, key], place) => aJob(nameIn(world, place), { ...details, key })),
  }),
)

/** By one that lost its job: all of it is refused. */
export const writeStale = kindOf(
  'writeStale',
  { holder: anyPlace, state: anyState },
  (world, { holder, state }) => {
    const hold = pick(staleHolds(world), holder)
    const said = hold && { patch: patchTo(state, hold), follow: [aJob(nameIn(world))], logs: [stale] }
    return said && { do: 'commit', writes: [writeBy(hold, said)] }
  },
)

const stale = { level: 'warn', message: 'stale' } as const

/** Its reply was lost, and much has happened since. */
export const writeAgain = kindOf('writeAgain', { write: anyPlace }, ({ writes }, { write }) => {
  const earlier = pick(writes, write)
  return earlier && { do: 'commit', writes: [earlier] }
})

export const writeUnknown = kindOf('writeUnknown', { state: anyState }, (_, { state }) => ({
  do: 'commit',
  writes: [writeBy(nobody, { patch: patchTo(state, nobody) })],
}))

const nobody: Hold = { id: 'nobody', token: 1, seq: 0, cursor: 0 }

/** Of several holders at once, of which some may be too late; but no two of one job. */
export const writeMany = kindOf(
  'writeMany',
  { holders: fc.array(fc.tuple(anyPlace, anyState), { minLength: 2, maxLength: 4 }) },
  (world, { holders }) => {
    const writes = new Map(holders.flatMap(([holder, state]) => entryOf(world, holder, state)))
    return writes.size === 0 ? undefined : { do: 'commit', writes: [...writes.values()] }
  },
)

function entryOf(world: World, holder: number, state: Patch['state']): [string, Write][] {
  const hold = pick([...liveHolds(world), ...staleHolds(world).slice(0, 1)], holder)
  return hold ? [[hold.id, writeBy(hold, { patch: patchTo(state, hold) })]] : []
}
