import type { After, NewJob } from '@longhaul/core/store'
import fc from 'fast-check'
import { aJob } from '../calls/job.js'
import { nameIn, pick, type World } from '../world/world.js'
import { anyPlace, kindOf } from './kind.js'
import { anyDetails, keys } from './new-job.js'

const outcome = fc.constantFrom<After['outcome']>('succeeded', 'succeeded', 'ended')

export const insertAfter = kindOf(
  'insertAfter',
  { details: anyDetails, awaited: fc.array(anyPlace, { minLength: 1, maxLength: 3 }), outcome },
  (world, { details, awaited, outcome }) => {
    const ids = jobsAt(world, awaited)
    if (ids.length === 0) return undefined
    return { do: 'insert', jobs: [aJob(nameIn(world), { ...details, after: { ids, outcome } })] }
  },
)

/** Each waits for the one before it, the last one for the first as well. */
export const insertChain = kindOf(
  'insertChain',
  { length: fc.integer({ min: 2, max: 4 }), outcome, key: fc.constantFrom(null, null, ...keys) },
  (world, { length, outcome, key }) => {
    const ids = Array.from({ length }, (_, place) => nameIn(world, place))
    return { do: 'insert', jobs: ids.map((id, place) => link(id, awaitedAt(ids, place), outcome, key)) }
  },
)

/** The second is the first one again, or whichever has their key; the third waits for it by its own id. */
export const insertTwins = kindOf(
  'insertTwins',
  { key: fc.constantFrom(...keys), outcome },
  (world, { key, outcome }) => {
    const [first, second, third] = [nameIn(world, 0), nameIn(world, 1), nameIn(world, 2)]
    const waiter = aJob(third, { after: { ids: [second], outcome } })
    return { do: 'insert', jobs: [aJob(first, { key }), aJob(second, { key }), waiter] }
  },
)

export const insertAfterUnknown = kindOf(
  'insertAfterUnknown',
  { details: anyDetails, key: fc.constantFrom(null, ...keys) },
  (world, { details, key }) => ({
    do: 'insert',
    jobs: [aJob(nameIn(world), { ...details, key, after: { ids: ['nobody'], outcome: 'ended' } })],
  }),
)

/** Only the first may be a job that has its key already. */
function link(id: string, ids: readonly string[], outcome: After['outcome'], key: string | null): NewJob {
  return ids.length === 0 ? aJob(id, { key }) : aJob(id, { after: { ids, outcome } })
}

function awaitedAt(ids: readonly string[], place: number): readonly string[] {
  if (place === 0) return []
  return place === ids.length - 1
    ? [ids[place - 1], ids[0]].filter(id => id !== undefined)
    : ids.slice(place - 1, place)
}

function jobsAt({ seen }: World, places: readonly number[]): readonly string[] {
  const ids = [...seen.jobs.keys()]
  return places.flatMap(place => pick(ids, place) ?? [])
}
