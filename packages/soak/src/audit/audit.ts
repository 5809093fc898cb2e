import type { Evidence, Violation } from '../evidence.js'
import { checks } from './checks.js'
import { historiesOf } from './history.js'
import { twoOwners } from './owners.js'
import { auditRepeats, type Repeats } from './repeats.js'
import { auditTakeOver, type TakeOver } from './take-over.js'

export interface Audit {
  readonly violations: readonly Violation[]
  readonly repeats: Repeats
  readonly takeOver: TakeOver
  /** Stale writes that the store refused: what the fence was there for. */
  readonly refused: number
}

/** Joins the ledger, the store and the fault log. Pure. */
export function audit(evidence: Evidence): Audit {
  const { lines, faults, limits } = evidence
  const histories = historiesOf(evidence)
  const repeats = auditRepeats(histories, faults, lines, limits)
  const takeOver = auditTakeOver(histories, faults, lines, limits)
  return {
    violations: [
      ...histories.flatMap(history => checks.flatMap(check => check(history))),
      ...twoOwners(histories),
      ...repeats.violations,
      ...takeOver.violations,
    ],
    repeats,
    takeOver,
    refused: lines.filter(line => line.type === 'commit' && line.answer === 'refused').length,
  }
}
