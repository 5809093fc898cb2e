import { endedStates } from '@longhaul/core/store'
import fc from 'fast-check'
import { cellNames } from '../world/snapshot.js'
import { nameIn, pick, type World } from '../world/world.js'
import { longLeaseMs } from './claims.js'
import { anyPlace, kindOf } from './kind.js'
import { processors } from './new-job.js'
import { anyTarget, everyState, filterOf, type Target } from './targets.js'

const name = fc.constantFrom(...cellNames)
const value = fc.constantFrom(null, 'x', 'y')

export const swap = kindOf('swap', { name, value }, (world, { name, value }) => ({
  do: 'swap',
  name,
  change: { id: nameIn(world), version: world.seen.cells[name]?.version ?? 0, value },
}))

/** By one who read it a few versions ago, or says so. */
export const swapStale = kindOf(
  'swapStale',
  { name, value, behind: fc.constantFrom(-1, 1, 2) },
  (world, { name, value, behind }) => ({
    do: 'swap',
    name,
    change: {
      id: nameIn(world),
      version: Math.max(0, (world.seen.cells[name]?.version ?? 0) - behind),
      value,
    },
  }),
)

export const prune = kindOf(
  'prune',
  {
    states: fc.subarray([...endedStates], { minLength: 1 }),
    olderThanMs: fc.constantFrom(0, 5_000, 30_000),
    processors: fc.constantFrom(undefined, undefined, [processors[0]]),
    limit: fc.integer({ min: 1, max: 3 }),
  },
  (_, { processors, ...rule }) => ({ do: 'prune', rule: { ...rule, ...(processors && { processors }) } }),
)

/** Leases and delays end on the millisecond, or just not yet. */
export const wait = kindOf(
  'wait',
  { ms: fc.constantFrom(1, 4_999, 5_000, 9_999, 10_000, 30_000) },
  (_, { ms }) => ({ do: 'wait', ms }),
)

/** Until every lease has ended. */
export const outlast = kindOf('outlast', {}, () => ({ do: 'wait', ms: longLeaseMs }))

const limit = fc.integer({ min: 1, max: 3 })

export const get = kindOf('get', { job: anyPlace }, ({ seen }, { job }) => ({
  do: 'get',
  id: pick([...seen.jobs.keys(), 'nobody'], job) ?? 'nobody',
}))

const meant = (world: World, to: Target) => filterOf(world, to, everyState) ?? {}

export const list = kindOf('list', { to: anyTarget, limit }, (world, { to, limit }) => ({
  do: 'list',
  of: meant(world, to),
  limit,
}))

export const count = kindOf('count', { to: anyTarget }, (world, { to }) => ({
  do: 'count',
  of: meant(world, to),
}))

export const records = kindOf(
  'records',
  { job: anyPlace, kind: fc.constantFrom('items', 'logs'), limit },
  ({ holds }, { job, kind, limit }) => ({ do: 'records', id: pick(holds, job)?.id ?? 'nobody', kind, limit }),
)
