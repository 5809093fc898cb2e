import type { Job } from '../store/index.js'
import type { RunningSlice } from './executor.js'
import type { StopReason } from './stop-reason.js'

export interface SlotsDeps {
  execute(job: Job): RunningSlice
  /** A slice is over, and its slot is free. */
  onFree(): void
}

/** The slices that a worker has under way. */
export function createSlots({ execute, onFree }: SlotsDeps) {
  const running = new Set<RunningSlice>()
  const lastOf = new Map<string, Promise<void>>()
  let busy = 0

  async function runSlice(job: Job): Promise<void> {
    const slice = execute(job)
    running.add(slice)
    await slice.settled
    running.delete(slice)
  }

  async function each(does: (slice: RunningSlice) => unknown): Promise<void> {
    await Promise.all([...running].map(does))
  }

  return {
    busy: () => busy,

    /** A job that came back to this process waits until its handler is done with the slice before. */
    begin(job: Job): void {
      busy++
      const ended = (lastOf.get(job.id) ?? Promise.resolve()).then(() => runSlice(job))
      lastOf.set(job.id, ended)
      void ended.then(() => {
        if (lastOf.get(job.id) === ended) lastOf.delete(job.id)
        busy--
        onFree()
      })
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
