import type { Clock } from '../clock.js'
import { freshGate, type GateState } from './rules/state.js'

/** Where the state of one gate is kept. */
export interface GateKeeper {
  /** What was last seen of the state, without asking for it. */
  seen(): GateState
  /**
   * Puts `edit`'s answer in place of the state, one edit after the other, and answers with the keeper's time. The
   * same object means no change. `edit` may be called more than once; the last call counts.
   */
  edit(edit: GateEdit): Promise<number>
}

/** Pure. `now` is the keeper's time, epoch milliseconds. */
export type GateEdit = (state: GateState, now: number) => GateState

/** In this process alone. */
export function memoryKeeper(clock: Clock): GateKeeper {
  let state = freshGate
  return {
    seen: () => state,
    async edit(edit) {
      const now = clock.now()
      state = edit(state, now)
      return now
    },
  }
}
