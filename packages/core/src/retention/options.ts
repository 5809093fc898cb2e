import { checkInteger } from '../check-integer.js'
import { longestMs } from '../durations.js'
import { OptionsError } from '../errors.js'
import type { RetentionRule } from '../store/index.js'

/**
 * How long ended jobs are kept, with their items and log lines: per state, or `false` to keep all for ever. What is
 * given for a state takes the place of its default.
 *
 * @defaultValue 30 days for failed jobs, 7 days for the others; in a memory store an hour for all
 */
export type RetentionOptions = false | { readonly [State in EndedState]?: StateRetention | false }

/** A state that a job stays in, unless it is retried. */
export type EndedState = RetentionRule['states'][number]

/** A job goes as soon as one of them says so. */
export interface StateRetention {
  /** Counts from the end of the job. From 0 to 3_153_600_000_000, a hundred years. @defaultValue no limit */
  readonly olderThanMs?: number
  /** How many of the newest stay. From 0 to 1_000_000_000. To count them costs a look at each. @defaultValue no limit */
  readonly keep?: number
}

/** What is pruned: of which states, and up to which age or number. */
export type Rule =
  | { readonly states: readonly EndedState[]; readonly olderThanMs: number }
  | { readonly states: readonly [EndedState]; readonly keep: number }

const dayMs = 86_400_000
const hourMs = 3_600_000
const endedStates = ['completed', 'completed_with_errors', 'cancelled', 'failed'] as const

/** @throws {OptionsError} for an unknown state, or a number out of range. */
export function retentionRules(options: RetentionOptions | undefined, storeName: string): readonly Rule[] {
  if (options === false) return []
  const given = { ...defaults(storeName), ...options }
  checkRetention(given)
  const byState = endedStates.map(state => [state, given[state] || {}] as const)
  const ages = new Set(byState.flatMap(([, { olderThanMs }]) => olderThanMs ?? []))
  return [
    ...[...ages].map(olderThanMs => ({
      states: byState.filter(([, rule]) => rule.olderThanMs === olderThanMs).map(([state]) => state),
      olderThanMs,
    })),
    ...byState.flatMap(([state, { keep }]) => (keep === undefined ? [] : { states: [state] as const, keep })),
  ]
}

/** What is kept in memory takes memory. */
function defaults(storeName: string): Record<EndedState, StateRetention> {
  const [failed, others] = storeName === 'memory' ? [hourMs, hourMs] : [30 * dayMs, 7 * dayMs]
  const rest = { olderThanMs: others }
  return { completed: rest, completed_with_errors: rest, cancelled: rest, failed: { olderThanMs: failed } }
}

function checkRetention(given: Exclude<RetentionOptions, false>): void {
  for (const [state, rule] of Object.entries(given)) {
    if (!(endedStates as readonly string[]).includes(state)) {
      throw new OptionsError(`retention.${state}`, `is no ended state. There are: ${endedStates.join(', ')}`)
    }
    if (rule) checkRule(`retention.${state}`, rule)
  }
}

function checkRule(option: string, { olderThanMs = 0, keep = 0, ...rest }: StateRetention): void {
  for (const [name, value, most] of [
    ['olderThanMs', olderThanMs, longestMs],
    ['keep', keep, 1e9],
  ] as const) {
    checkInteger(`${option}.${name}`, value, 0, most)
  }
  for (const name of Object.keys(rest)) {
    throw new OptionsError(`${option}.${name}`, 'is unknown. There are: olderThanMs, keep')
  }
}
