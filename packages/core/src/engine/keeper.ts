import { type Clock, nextTurn } from '../clock.js'
import type { Notify } from './events.js'
import type { Upkeep } from './upkeep.js'

export interface KeeperDeps {
  readonly upkeep: Upkeep
  readonly clock: Clock
  readonly pollMs: number
  readonly notify: Notify
  /** Whether the worker still wants work. */
  isOpen(): boolean
  /** There may be more to claim than before. */
  onDone(): void
}

/** Does the upkeep beside the jobs of a worker, so that no claim waits for it. What fails is told, and tried again. */
export function createKeeper({ upkeep, clock, pollMs, notify, isOpen, onDone }: KeeperDeps) {
  let ticking: Promise<void> | undefined

  async function tick(): Promise<void> {
    const { errors } = await upkeep.tick(() => !isOpen())
    for (const error of errors) notify({ type: 'error', error })
    ticking = undefined
    onDone()
  }

  return {
    /** Begins at once, so that a pass is not idle before its first tick. */
    async run(signal: AbortSignal): Promise<void> {
      while (isOpen()) {
        if (upkeep.dueInMs() === 0) {
          ticking = tick()
          await ticking
        }
        await clock.sleep(Math.min(upkeep.dueInMs(), pollMs), { signal, background: true, unref: true })
        await nextTurn()
      }
    },

    isBusy: () => ticking !== undefined,
    settled: () => ticking ?? Promise.resolve(),
  }
}
