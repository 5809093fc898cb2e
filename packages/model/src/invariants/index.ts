import type { Step } from '../world/step.js'
import { miscounts } from './counts.js'
import { cursorsMovedBack } from './cursors.js'
import { revivals } from './ends.js'
import { doubleHolders, staleWrites } from './holders.js'
import { overfullLanes } from './lanes.js'
import { fallenTokens } from './tokens.js'

/** What must be true of every step of every store, whatever the others do; each tells what is not. */
const invariants: readonly ((step: Step) => readonly string[])[] = [
  doubleHolders,
  staleWrites,
  fallenTokens,
  cursorsMovedBack,
  revivals,
  miscounts,
  overfullLanes,
]

export function violationsOf(step: Step): readonly string[] {
  return invariants.flatMap(invariant => invariant(step))
}
