import type { JobFilter, JobState } from '@longhaul/core/store'
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

/** @param states Those that can be moved. Answers `undefined` where no job is meant. */
export function filterOf(
  { seen }: World,
  target: Target,
  states: readonly JobState[],
): JobFilter | undefined {
  if ('match' in target) return target.match
  const all = [...seen.jobs.values()]
  const meant =
    'some' in target
      ? target.some.map(place => pick(all, place))
      : [
          pick(
            all.filter(({ state }) => states.includes(state)),
            target.one,
          ),
        ]
  const ids = meant.flatMap(job => job?.id ?? [])
  return ids.length === 0 ? undefined : { ids }
}
