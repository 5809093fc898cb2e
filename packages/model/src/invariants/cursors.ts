import type { Job } from '@longhaul/core/store'
import { lastingIn, type Step } from '../world/step.js'

/** A cursor goes forward, or anew where a retry says so. */
export function cursorsMovedBack(step: Step): readonly string[] {
  if (beginsAnew(step)) return []
  return lastingIn(step).flatMap(([before, after]) =>
    placeOf(after) < placeOf(before)
      ? [`the cursor of job ${after.id} went from ${before.cursor} back to ${after.cursor}`]
      : [],
  )
}

function beginsAnew({ call }: Step): boolean {
  return call.do === 'request' && call.wish.kind === 'retry' && call.wish.work !== undefined
}

function placeOf({ cursor }: Job): number {
  return Number(cursor ?? 0)
}
