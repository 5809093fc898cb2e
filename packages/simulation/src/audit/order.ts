import { satisfies } from '@longhaul/core/store'
import { type EventOf, only } from '../events.js'
import type { Run } from '../run.js'

/** No job was claimed before those that it waits for had ended as it needs. */
export function ranTooEarly({ events }: Run): string[] {
  return only(events, 'claimed').flatMap(unmet)
}

function unmet({ job, awaited: { outcome, states } }: EventOf<'claimed'>): string[] {
  return Object.entries(states).flatMap(([id, state]) => {
    const isMet = state !== undefined && satisfies(state, outcome)
    return isMet ? [] : [`job ${job.id} was claimed while job ${id} was ${state ?? 'not there'}`]
  })
}
