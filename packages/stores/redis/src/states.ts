import { type JobState, type Wish, wishes } from '@longhaul/core/store'

/** The letter that stands for a state in rows, names and tallies. */
const letters = {
  blocked: 'b',
  waiting: 'w',
  running: 'r',
  paused: 'p',
  completed: 'c',
  completed_with_errors: 'e',
  failed: 'f',
  cancelled: 'x',
} as const satisfies Record<JobState, string>

const states = Object.fromEntries(
  Object.entries(letters).map(([state, letter]) => [letter, state]),
) as Record<string, JobState>

export const everyState = Object.keys(letters) as JobState[]

export function letterOf(state: JobState): string {
  return letters[state]
}

/** To all but the scripts, a job whose lease ended still runs. */
const lapsed = 'l'

export function stateOf(letter: string): JobState {
  return letter === lapsed ? 'running' : (states[letter] as JobState)
}

/** Pairs of letters: from which state to which a wish moves a job. */
export function movesOf(kind: Exclude<Wish['kind'], 'move'>): string {
  return wishes(kind)
    .map(([from, to]) => letters[from] + letters[to])
    .join('')
}
