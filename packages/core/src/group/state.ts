import type { Counts, JobState } from '../store/index.js'

/**
 * Pure: the state of a group, from those of its jobs. It is `running` from its first start on while anything of it is
 * due or runs; over when all are: `completed`, `failed` or `cancelled` where all ended so, else `completed_with_errors`.
 */
export function groupState(states: Counts['states']): JobState {
  if (states.running > 0) return 'running'
  const started = states.completed + states.completed_with_errors + states.failed > 0
  if (states.waiting > 0) return started ? 'running' : 'waiting'
  if (states.paused > 0) return 'paused'
  return states.blocked > 0 ? 'blocked' : endOf(states)
}

function endOf({ completed, completed_with_errors, failed, cancelled }: Counts['states']): JobState {
  if (failed + cancelled + completed_with_errors === 0) return 'completed'
  if (completed + completed_with_errors > 0) return 'completed_with_errors'
  return failed > 0 ? 'failed' : 'cancelled'
}

/** How many jobs there are, and how many are over. */
export function tallyOf(states: Counts['states']): { readonly total: number; readonly ended: number } {
  const total = Object.values(states).reduce((sum, count) => sum + count, 0)
  const { completed, completed_with_errors, failed, cancelled } = states
  return { total, ended: completed + completed_with_errors + failed + cancelled }
}
