import type { Wish } from './contract.js'
import type { After, JobState, PendingWish } from './job.js'

/** What can happen to a job, from its claim to its end. */
export type JobEvent =
  | 'released'
  | 'claimed'
  | 'yielded'
  | 'throttled'
  | 'failed'
  | 'exhausted'
  | 'completed'
  | 'completed_with_errors'
  | 'cancel'
  | 'pause'
  | 'resume'
  | 'retry'

/** Every arrow of a job's life. What is not here cannot happen. */
export const transitions: Readonly<Record<JobState, Readonly<Partial<Record<JobEvent, JobState>>>>> = {
  blocked: { released: 'waiting', cancel: 'cancelled', pause: 'paused' }, // cancelled too when what it waits for can't come
  waiting: { claimed: 'running', cancel: 'cancelled', pause: 'paused' },
  running: {
    claimed: 'running', // its lease ended: the process that held it is gone
    yielded: 'waiting', // out of time with work left, and no attempt used; the cursor says where
    throttled: 'waiting', // due when the gate opens, and no attempt used
    failed: 'waiting', // with attempts left, after a backoff
    exhausted: 'failed', // none left, or not worth another try
    completed: 'completed',
    completed_with_errors: 'completed_with_errors', // items failed, within what the processor tolerates
    cancel: 'cancelled', // its holder saw the wish, or nobody holds it any more
    pause: 'paused',
  },
  paused: { resume: 'waiting', cancel: 'cancelled' },
  completed: {},
  completed_with_errors: { retry: 'waiting' }, // by a person or a route, never by the runner
  failed: { retry: 'waiting' },
  cancelled: { retry: 'waiting' },
}

/** Those that a job leaves only by a retry. */
export const endedStates = ['completed', 'completed_with_errors', 'failed', 'cancelled'] as const

/** Whether the state is one of {@link endedStates}. */
export function isEnded(state: JobState): boolean {
  return (endedStates as readonly JobState[]).includes(state)
}

/**
 * Where a job goes when its holder lets go of it as `state`. A wish that nobody has seen yet is carried out then; a
 * cancel is not lost to a pause either.
 */
export function stateAfterRelease(state: JobState, wish: PendingWish | null): JobState {
  if (isEnded(state) || wish === null) return state
  return wish === 'cancel' ? 'cancelled' : 'paused'
}

/** Whether a job that waits with this outcome need not wait for one in this state. */
export function satisfies(state: JobState, outcome: After['outcome']): boolean {
  return outcome === 'ended' ? isEnded(state) : state === 'completed' || state === 'completed_with_errors'
}

/** A job that would be `waiting` is `blocked` for as long as it waits for others. */
export function orBlocked(state: JobState, waitsFor: number): JobState {
  return state === 'waiting' && waitsFor > 0 ? 'blocked' : state
}

/**
 * The states that a wish moves, each with the state it leads to. `promote` only changes when a job is due, and `move`
 * changes no state.
 */
export function wishes(
  kind: Exclude<Wish['kind'], 'move'>,
): readonly (readonly [from: JobState, to: JobState])[] {
  if (kind === 'promote') return [['waiting', 'waiting']]
  return (Object.keys(transitions) as JobState[]).flatMap(from => {
    const to = transitions[from][kind]
    return to ? [[from, to] as const] : []
  })
}
