import { only } from '../events.js'
import type { Run } from '../run.js'

/** How many faults a run met. */
export function faultsIn({ events }: Pick<Run, 'events'>): number {
  return only(events, 'called').filter(({ fault }) => fault !== null).length
}
