import type { Event } from '../events.js'
import type { Run } from '../run.js'

/** No process ran two handlers of one job side by side. */
export function ranBesideItself({ events }: Run): string[] {
  const running = new Set<string>()
  return events.flatMap(event => change(running, event))
}

function change(running: Set<string>, event: Event): string[] {
  if (event.type !== 'began' && event.type !== 'returned') return []
  const handler = `${event.worker} ${event.job}`
  const isBeside = event.type === 'began' && running.has(handler)
  if (event.type === 'began') running.add(handler)
  else running.delete(handler)
  return isBeside ? [`worker ${event.worker} ran job ${event.job} beside itself`] : []
}
