import { fromStorable } from '@longhaul/core/store'
import { unframe } from './frames.js'

/** What a producer decided about a job, parsed. It never changes, so it is shared by all that is made of it. */
export interface Spec {
  readonly id: string
  readonly members: readonly [
    processor: string,
    queue: string,
    priority: number,
    key: string | null,
    lane: string | null,
    laneLimit: number,
    tenant: string | null,
    correlationId: string | null,
    tags: readonly string[],
  ]
  readonly input: string
}

export function specIn(stored: string, input: string): Spec {
  const [id, json] = unframe(stored)
  return { id, members: JSON.parse(json), input: fromStorable(input) }
}
