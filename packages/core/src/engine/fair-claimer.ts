import type { Wanted } from '../pauses/index.js'
import type { Job } from '../store/index.js'
import { type Claimer, type ClaimerDeps, createClaimer } from './claimer.js'
import { createTurns } from './turns.js'

/** What a worker claims from, and how much of its places is for that. */
export interface Part {
  readonly wanted: Wanted
  readonly weight: number
}

/** Pure: each queue with a weight by itself, and all others as one of weight 1. */
export function partsOf({ processors, queues }: Wanted, weights: Readonly<Record<string, number>>): Part[] {
  const isWorked = (queue: string) => queues?.includes(queue) ?? true
  const named = Object.entries(weights).filter(([queue]) => isWorked(queue))
  const names = named.map(([queue]) => queue)
  const others = queues?.filter(queue => !names.includes(queue))
  const rest = others ? { processors, queues: others } : { processors, exceptQueues: names }
  return [
    ...named.map(([queue, weight]) => ({ wanted: { processors, queues: [queue] }, weight })),
    ...(others?.length === 0 ? [] : [{ wanted: rest, weight: 1 }]),
  ]
}

/** Claims from several parts side by side, each up to its share; what one leaves goes to those that have more. */
export function createFairClaimer(deps: ClaimerDeps, parts: readonly Part[], start: number): Claimer {
  const [only, another] = parts
  if (only && !another) return createClaimer(deps, only.wanted, start)
  const claimers = parts.map(({ wanted }) => createClaimer(deps, wanted, start))
  const turns = createTurns(parts.map(({ weight }) => weight))

  async function claim(limit: number): Promise<readonly Job[]> {
    const jobs: Job[] = []
    let open = parts.map((_, index) => index)
    while (open.length > 0 && jobs.length < limit) {
      const places = turns.next(limit - jobs.length, open)
      const shares = parts.map((_, part) => places.filter(place => place === part).length)
      const claimed = await Promise.all(claimers.map((claimer, part) => some(claimer, shares[part] ?? 0)))
      open = open.filter(part => claimed[part]?.length === shares[part])
      jobs.push(...inTurn(places, claimed))
    }
    return jobs
  }

  function worst(): Claimer {
    return claimers.reduce((one, other) => (other.failures().count > one.failures().count ? other : one))
  }

  return {
    claim,
    failures: () => worst().failures(),
    backOff: signal => worst().backOff(signal),
  }
}

/** In the order of the places, for not all may come to be begun. */
function inTurn(places: readonly number[], claimed: readonly (readonly Job[])[]): Job[] {
  const taken = claimed.map(() => 0)
  return places.flatMap(part => {
    const job = claimed[part]?.[taken[part] ?? 0]
    taken[part] = (taken[part] ?? 0) + 1
    return job ?? []
  })
}

async function some(claimer: Claimer, limit: number): Promise<readonly Job[]> {
  return limit > 0 ? claimer.claim(limit) : []
}
