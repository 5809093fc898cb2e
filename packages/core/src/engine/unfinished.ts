import type { Committed, Job, Write } from '../store/index.js'

/**
 * The jobs whose handlers run in this process, held or not. One that comes back meanwhile (its lease ended, it was given
 * back, its handler is stuck) is put off, so that no handler runs twice side by side, over all workers of a runner.
 */
export function createUnfinished() {
  const ids = new Set<string>()
  return {
    has: ({ id }: Job): boolean => ids.has(id),

    add({ id }: Job, handled: Promise<unknown>): void {
      ids.add(id)
      void handled.then(() => ids.delete(id))
    },
  }
}

export type Unfinished = ReturnType<typeof createUnfinished>

/** Gives back a job that was claimed and may not begin now. Nobody counts it; if it can't be written, its lease ends. */
export function putOff(
  { id, token }: Job,
  delayMs: number,
  commit: (write: Write) => Promise<Committed>,
): void {
  const write = { id, token, seq: 1, patch: { state: 'waiting', delayMs } } as const
  commit(write).catch(() => undefined)
}
