import type { NewJob } from '@longhaul/core/store'
import fc from 'fast-check'
import type { Call } from '../calls/call.js'
import { aJob } from '../calls/job.js'
import { nameIn, pick, type World } from '../world/world.js'
import { anyPlace, kindOf } from './kind.js'
import { anyDetails, groups, keys, lanes } from './new-job.js'

const details = anyDetails

/** One new job. */
const insert = (world: World, job: Partial<NewJob>): Call => ({
  do: 'insert',
  jobs: [aJob(nameIn(world), job)],
})

export const insertOne = kindOf('insertOne', { details }, (world, { details }) => insert(world, details))

export const insertMany = kindOf(
  'insertMany',
  { each: fc.array(anyDetails, { minLength: 2, maxLength: 4 }) },
  (world, { each }) => ({
    do: 'insert',
    jobs: each.map((details, place) => aJob(nameIn(world, place), details)),
  }),
)

export const insertWithKey = kindOf(
  'insertWithKey',
  { details, key: fc.constantFrom(...keys) },
  (world, { details, key }) => insert(world, { ...details, key }),
)

export const insertInGroup = kindOf(
  'insertInGroup',
  { details, group: fc.constantFrom(...groups) },
  (world, { details, group }) => insert(world, { ...details, group }),
)

export const insertInLane = kindOf(
  'insertInLane',
  {
    lane: fc.constantFrom(...lanes),
    limits: fc.array(fc.constantFrom(1, 1, 2), { minLength: 1, maxLength: 3 }),
  },
  (world, { lane, limits }) => ({
    do: 'insert',
    jobs: limits.map((laneLimit, place) => aJob(nameIn(world, place), { lane, laneLimit })),
  }),
)

export const insertLater = kindOf(
  'insertLater',
  { details, delayMs: fc.constantFrom(1, 5_000, 30_000) },
  (world, { details, delayMs }) => insert(world, { ...details, delayMs }),
)

export const insertAt = kindOf(
  'insertAt',
  { details, inMs: fc.constantFrom(-5_000, 0, 5_000) },
  (world, { details, inMs }) => insert(world, { ...details, delayMs: 1, runAt: world.now + inMs }),
)

/** As the same job, or as another one that took its id. */
export const insertAgain = kindOf('insertAgain', { details, job: anyPlace }, (world, { details, job }) => {
  const id = pick([...world.seen.jobs.keys()], job)
  return id === undefined ? undefined : { do: 'insert', jobs: [aJob(id, details)] }
})
