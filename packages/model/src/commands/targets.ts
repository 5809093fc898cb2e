import { type JobFilter, type JobState, transitions } from '@longhaul/core/store'
import fc from 'fast-check'
import { pick, type World } from '../world/world.js'
import { anyFilter } from './filters.js'
import { anyPlace } from './kind.js'
import { whole } from './records.js'

/** Whom a wish means: one that it can move, a few whatever their states, or all that match. */
export type Target =
  | { readonly one: number }
  | { readonly some: readonly number[] }
  | { readonly match: JobFilter }

export const anyTarget: fc.Arbitrary<Target> = fc.oneof(
  { weight: 4, arbitrary: whole({ one: anyPlace }) },
  { weight: 2, arbitrary: whole({ some: fc.array(anyPlace, { minLength: 1, maxLength: 3 }) }) },
  { weight: 1, arbitrary: whole({ match: anyFilter }) },
)

export const everyState = Object.keys(transitions) as JobState[]

/** @param states Those of the one that is meant alone. Answers `undefined` where no job is meant. */
export function filterOf(
  { seen }: World,
  target: Target,
  states: readonly JobState[],
): JobFilter | undefined {
  if ('match' in target) return target.match
  const all = [...seen.jobs.values()]
  const fit = 'one' in target ? all.filter(({ state }) => states.includes(state)) : all
  const places = 'one' in target ? [target.one] : target.some
  const ids = places.flatMap(place => pick(fit, place)?.id ?? [])
  return ids.length === 0 ? undefined : { ids }
}
