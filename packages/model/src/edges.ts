import { type After, isEnded, type JobHead, type NewJob, satisfies } from '@longhaul/core/store'
import type { Call, Reply } from './call.js'

/** Who still waits for whom, and for which end: what the stores must have kept, from the calls alone. */
export type Edges = ReadonlyMap<string, ReadonlyMap<string, After['outcome']>>

export const noEdges: Edges = new Map()

interface Change {
  readonly call: Call
  readonly reply: Reply
  readonly before: readonly JobHead[]
  readonly after: readonly JobHead[]
}

export function edgesAfter(edges: Edges, change: Change): Edges {
  const over = justEnded(change)
  const known = [...edges, ...newEdges(change)]
  const there = known.filter(([waiter]) => change.after.some(({ id }) => id === waiter))
  return new Map(there.map(([waiter, awaited]) => [waiter, without(awaited, over)]))
}

function justEnded({ before, after }: Change): readonly JobHead[] {
  const wereOver = new Set(before.filter(({ state }) => isEnded(state)).map(({ id }) => id))
  return after.filter(({ id, state }) => isEnded(state) && !wereOver.has(id))
}

/** One that ended otherwise than is needed still counts: it may be retried. */
function without(awaited: ReadonlyMap<string, After['outcome']>, over: readonly JobHead[]) {
  const states = new Map(over.map(({ id, state }) => [id, state]))
  return new Map([...awaited].filter(([id, outcome]) => !satisfies(states.get(id) ?? 'waiting', outcome)))
}

function newEdges({ call, reply, before }: Change): [string, ReadonlyMap<string, After['outcome']>][] {
  if (call.do !== 'insert' || !reply.jobs) return []
  const answers = reply.jobs
  const places = new Map(call.jobs.map(({ id }, index) => [id, answers[index]?.id ?? id]))
  const states = new Map([...before, ...answers].map(({ id, state }) => [id, state]))
  return call.jobs
    .filter((job, index) => isNew(job, index, call.jobs, before) && answers[index]?.id === job.id)
    .map(({ id, after }) => [id, unsatisfied(after, places, states)])
}

function isNew({ id }: NewJob, index: number, jobs: readonly NewJob[], before: readonly JobHead[]): boolean {
  return jobs.findIndex(job => job.id === id) === index && !before.some(job => job.id === id)
}

function unsatisfied(
  after: After | undefined,
  places: ReadonlyMap<string, string>,
  states: ReadonlyMap<string, JobHead['state']>,
): ReadonlyMap<string, After['outcome']> {
  if (!after) return new Map()
  const ids = after.ids.map(id => places.get(id) ?? id)
  const awaited = ids.filter(id => !satisfies(states.get(id) ?? 'waiting', after.outcome))
  return new Map(awaited.map(id => [id, after.outcome]))
}
