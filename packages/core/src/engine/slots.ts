import type { Job } from '../store/index.js'
import type { RunningSlice } from './executor.js'
import type { StopReason } from './stop-reason.js'

export interface SlotsDeps {
  now(): number
  execute(job: Job): RunningSlice
  /** A slice is over after so long, and its slot is free. */
  onFree(durationMs: number): void
}

/** The slices that a worker has under way. */
export function createSlots({ now, execute, onFree }: SlotsDeps) {
  const running = new Set<RunningSlice>()
  const lastOf = new Map<string, Promise<void>>()
  let busy = 0

  /** A job that came back to this process waits until its handler is done with the slice before. */
  async function runAfter(before: Promise<void> | undefined, job: Job): Promise<void> {
    if (before) await before
    const startedAt = now()
    const slice = execute(job)
    running.add(slice)
    await slice.settled
    running.delete(slice)
    busy--
    onFree(now() - startedAt)
  }

  async function each(does: (slice: RunningSlice) => unknown): Promise<void> {
    await Promise.all([...running].map(does))
  }

  return {
    busy: () => busy,

    begin(job: Job): void {
      busy++
      const ended = runAfter(lastOf.get(job.id), job)
      lastOf.set(job.id, ended)
      void ended.then(() => lastOf.get(job.id) === ended && lastOf.delete(job.id))
    },

    async settled(): Promise<void> {
      await Promise.all(lastOf.values())
    },

    /** Saves every job in hand: that renews leases, shows progress, and brings wishes. */
    beat: () => each(({ held }) => held.beat()),
    stop: (reason: StopReason) => each(({ held }) => held.stop.abort(reason)),
    giveBack: () => each(slice => slice.giveBack()),
  }
}
