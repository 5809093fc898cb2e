import type { Job } from '../store/index.js'

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
