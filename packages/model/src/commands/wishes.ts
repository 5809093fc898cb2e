import { type JobFilter, type JobState, transitions, type Wish, wishes } from '@longhaul/core/store'
import fc from 'fast-check'
import { pick, type World } from '../world/world.js'
import { anyFilter } from './filters.js'
import { anyPlace, kindOf } from './kind.js'
import { queues } from './new-job.js'

/** Whom a wish means: one that it can move, a few whatever their states, or all that match. */
type Target = { readonly one: number } | { readonly some: readonly number[] } | { readonly match: JobFilter }

const to: fc.Arbitrary<Target> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ one: anyPlace }) },
  { weight: 2, arbitrary: fc.record({ some: fc.array(anyPlace, { minLength: 1, maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ match: anyFilter }) },
)

function filterOf(world: World, target: Target, states: readonly JobState[]): JobFilter {
  if ('match' in target) return target.match
  const ids = [...world.seen.jobs.keys()]
  if ('some' in target) return { ids: target.some.flatMap(place => pick(ids, place) ?? []) }
  const movable = ids.filter(id => states.includes(world.seen.jobs.get(id)?.state ?? 'completed'))
  return { ids: [pick(movable, target.one) ?? 'nobody'] }
}

function wish<Kind extends 'cancel' | 'pause' | 'resume'>(kind: Kind) {
  const states = wishes(kind).map(([from]) => from)
  return (world: World, { to }: { to: Target }) =>
    ({ do: 'request', wish: { kind }, of: filterOf(world, to, states) }) as const
}

export const cancel = kindOf('cancel', { to }, wish('cancel'), 'cancel')
export const pause = kindOf('pause', { to }, wish('pause'), 'pause')
export const resume = kindOf('resume', { to }, wish('resume'), 'resume')

/** Takes back a pause that its holder has not seen yet. */
export const resumeHeld = kindOf('resumeHeld', { to }, (world, { to }) => ({
  do: 'request',
  wish: { kind: 'resume' },
  of: filterOf(world, to, ['running']),
}))

const anew: fc.Arbitrary<Extract<Wish, { kind: 'retry' }>['work'] | null> = fc.constantFrom(null, {
  cursor: null,
  memo: null,
  progress: { done: 0, failed: 0, skipped: 0, total: null },
})

export const retry = kindOf(
  'retry',
  { to, anew },
  (world, { to, anew }) => ({
    do: 'request',
    wish: { kind: 'retry', ...(anew && { work: anew }) },
    of: filterOf(
      world,
      to,
      wishes('retry').map(([from]) => from),
    ),
  }),
  'retry',
)

export const promote = kindOf('promote', { to }, (world, { to }) => ({
  do: 'request',
  wish: { kind: 'promote' },
  of: filterOf(world, to, ['waiting']),
}))

export const move = kindOf(
  'move',
  {
    to,
    place: fc.record(
      { queue: fc.constantFrom(...queues), priority: fc.integer({ min: -1, max: 1 }) },
      { requiredKeys: [] },
    ),
  },
  (world, { to, place }) => ({
    do: 'request',
    wish: { kind: 'move', ...place },
    of: filterOf(world, to, Object.keys(transitions) as JobState[]),
  }),
)
