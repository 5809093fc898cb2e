import type { ClaimRequest } from '@longhaul/core/store'
import type { EventOf } from '../events.js'
import type { Run } from '../run.js'
import { faultsIn } from './faults.js'

type Look = EventOf<'looked'>

/** How old what a worker knows may be, and for how much longer one fault may hold up what would tell it more. */
const freshMs = 5_000
const heldUpMs = 10_000

/** No worker asked for what it knew to be paused, or went by what it had seen too long ago. */
export function askedForPaused(run: Run): string[] {
  const looks = new Map<number, Look>()
  const oldestMs = freshMs + heldUpMs * faultsIn(run)
  return run.events.flatMap(event => {
    if (event.type === 'looked') looks.set(event.worker, event)
    return event.type === 'asked' ? wrongAsk(event, looks.get(event.worker), oldestMs) : []
  })
}

function wrongAsk({ at, worker, request }: EventOf<'asked'>, look: Look | undefined, oldestMs: number) {
  const ageMs = at - (look?.askedAt ?? Number.NEGATIVE_INFINITY)
  return [
    ...(look && asksForPaused(request, look) ? [`worker ${worker} asked for what it knew to be paused`] : []),
    ...(look && ageMs > oldestMs ? [`worker ${worker} went by what it had seen ${ageMs} ms ago`] : []),
  ]
}

function asksForPaused({ processors, queues, exceptQueues = [] }: ClaimRequest, { value }: Look): boolean {
  const paused = pausedIn(value)
  const takes = (queue: string) => (queues ? queues.includes(queue) : !exceptQueues.includes(queue))
  return paused.queues.some(takes) || paused.processors.some(name => processors.includes(name))
}

function pausedIn(value: string | null): { readonly queues: string[]; readonly processors: string[] } {
  return { queues: [], processors: [], ...JSON.parse(value ?? '{}').paused }
}
