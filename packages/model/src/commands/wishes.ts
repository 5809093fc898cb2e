import { type JobEvent, type JobState, type Wish, wishes } from '@longhaul/core/store'
import fc from 'fast-check'
import { kindOf } from './kind.js'
import { queues } from './new-job.js'
import { partial } from './records.js'
import { anyTarget, everyState, filterOf, type Target } from './targets.js'

interface Wished<Asked extends Wish> {
  readonly to: Target
  readonly wish: Asked
}

/** @param of The states of the jobs that it is mostly carried to. */
function wishKind<Asked extends Wish>(
  name: string,
  wish: fc.Arbitrary<Asked>,
  of: readonly JobState[],
  event?: JobEvent,
) {
  return kindOf<Wished<Asked>>(
    name,
    { to: anyTarget, wish },
    (world, { to, wish }) => {
      const filter = filterOf(world, to, of)
      return filter && { do: 'request', wish, of: filter }
    },
    event,
  )
}

const movedBy = (kind: Parameters<typeof wishes>[0]) => wishes(kind).map(([from]) => from)
const plain = <Kind extends Wish['kind']>(kind: Kind) => fc.constant({ kind })

export const cancel = wishKind('cancel', plain('cancel'), movedBy('cancel'), 'cancel')
export const pause = wishKind('pause', plain('pause'), movedBy('pause'), 'pause')
export const resume = wishKind('resume', plain('resume'), movedBy('resume'), 'resume')
/** Takes back a pause that its holder has not seen yet. */
export const resumeHeld = wishKind('resumeHeld', plain('resume'), ['running'])
export const promote = wishKind('promote', plain('promote'), movedBy('promote'))

type Retry = Extract<Wish, { kind: 'retry' }>
const fresh = { cursor: null, memo: null, progress: { done: 0, failed: 0, skipped: 0, total: null } }

export const retry = wishKind(
  'retry',
  fc.constantFrom<Retry>({ kind: 'retry' }, { kind: 'retry', work: fresh }),
  movedBy('retry'),
  'retry',
)

export const move = wishKind(
  'move',
  fc
    .tuple(
      plain('move'),
      partial({ queue: fc.constantFrom(...queues), priority: fc.integer({ min: -1, max: 1 }) }),
    )
    .map(([kind, place]) => ({ ...kind, ...place })),
  everyState,
)
