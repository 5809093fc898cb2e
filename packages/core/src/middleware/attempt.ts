import { readNote } from '../encoding/note.js'
import type { AroundAttempt } from '../engine/executor.js'
import type { HeldJob } from '../engine/held-job.js'
import { outcomeOf } from '../engine/outcome.js'
import type { Job } from '../store/index.js'
import type { Around } from './around.js'
import { named } from './named.js'
import type { AttemptedJob } from './types.js'

/** How the engine wraps an attempt. */
export function aroundAttempts(around: Around<AttemptedJob>): AroundAttempt {
  return (held, work) => around(attemptOf(held), work)
}

function attemptOf(held: HeldJob): AttemptedJob {
  const { claimed, draft, stop } = held
  return {
    ...named(claimed),
    tags: claimed.tags,
    attempt: claimed.attempts + 1,
    waitedMs: waitedMs(claimed),
    trace: readNote(claimed.note).trace,
    progress: () => draft.progress,
    outcomeOf: error => outcomeOf(error, stop).kind,
    elapsedMs: () => held.tookMs,
  }
}

/** A store keeps when a job was claimed first, and no later claim. */
function waitedMs({ token, startedAt, createdAt }: Job): number | null {
  return token === 1 && startedAt !== null ? startedAt - createdAt : null
}
