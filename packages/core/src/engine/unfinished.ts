import type { Committed, Job, Write } from '../store/index.js'

/** A job whose handler still runs here is looked at again after this long. */
const putOffMs = 5_000

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

/** Nobody counts it. If it can't be written, the lease ends by itself. */
export function putOff({ id, token }: Job, commit: (write: Write) => Promise<Committed>): void {
  const write = { id, token, seq: 1, patch: { state: 'waiting', delayMs: putOffMs } } as const
  commit(write).catch(() => undefined)
}
