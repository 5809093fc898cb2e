import type { Job } from '../store/index.js'
import type { RunningSlice } from './executor.js'
import type { StopReason } from './stop-reason.js'
import type { Unfinished } from './unfinished.js'

export interface SlotsDeps {
  readonly concurrency: number
  now(): number
  execute(job: Job): RunningSlice
  readonly unfinished: Unfinished
  /** A handler has returned after so long. */
  onWorked(durationMs: number): void
  /** Another job may be begun, or all are settled. */
  onFree(): void
}

/** How many slices may wait for their last write, for each slot. */
const settlingPerSlot = 4

/**
 * The slices that a worker has under way. A slot is free as soon as its handler has returned: the last write of the
 * slice is on its way then, together with those of others, and nothing of it waits for the slot.
 */
export function createSlots({ concurrency, now, execute, unfinished, onWorked, onFree }: SlotsDeps) {
  const running = new Set<RunningSlice>()
  const lastOf = new Map<string, Promise<void>>()
  let busy = 0
  let settling = 0

  /** The slice before may still be on its way to being settled; its events come first. */
  async function runAfter(before: Promise<void> | undefined, job: Job): Promise<void> {
    if (before) await before
    const startedAt = now()
    const slice = execute(job)
    unfinished.add(job, slice.handled)
    running.add(slice)
    await slice.worked
    busy--
    settling++
    onWorked(now() - startedAt)
    onFree()
    await slice.settled
    settling--
    running.delete(slice)
    onFree()
  }

  async function each(does: (slice: RunningSlice) => unknown): Promise<void> {
    await Promise.all([...running].map(does))
  }

  return {
    /** How many more jobs may be begun now. */
    free: () => (settling < settlingPerSlot * concurrency ? concurrency - busy : 0),
    /** Handlers that run. */
    busy: () => busy,
    isEmpty: () => busy + settling === 0,

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
