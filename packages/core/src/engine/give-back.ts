import type { Committed, Job, Write } from '../store/index.js'

/**
 * Gives back a job that was claimed and never begun. Nobody counts it; if it can't be written, its lease ends by itself, so
 * this never rejects.
 */
export async function giveBack(
  { id, token }: Job,
  delayMs: number,
  commit: (write: Write) => Promise<Committed>,
): Promise<void> {
  await commit({ id, token, seq: 1, patch: { state: 'waiting', delayMs } }).catch(() => undefined)
}
