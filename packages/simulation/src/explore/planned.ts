import type { Call } from '../events.js'
import type { FaultName } from '../faults/faults.js'
import type { Setting } from '../stage.js'
import { leaseMs } from '../worker.js'

/** A fault at one call of the first worker. */
export interface PlannedFault {
  readonly fault: FaultName
  readonly call: number
}

/** Time enough for another worker to take over and be done. */
const lateMs = leaseMs + 2_000

/** The first worker meets these faults; all others are well. */
export function planned(faults: readonly PlannedFault[]): Setting {
  const at = ({ number }: Call) => faults.find(({ call }) => call === number)?.fault ?? null
  return {
    seed: 1,
    lateMs,
    replaces: false,
    plan: worker => (worker === 1 ? at : () => null),
  }
}

export function namesOf(faults: readonly PlannedFault[]): string {
  return faults.map(({ fault, call }) => `${fault} ${call}`).join(', ') || 'no fault'
}
