import { decodeCursor, encodeCursor } from '../encoding/cursor.js'
import type { RunContext } from './context.js'
import { jobContext } from './job-context.js'
import { emptyTally, type Slice } from './slice.js'

/** The context of a handler that keeps its own cursor. */
export function runContext(slice: Slice): RunContext<unknown> {
  const noteNow = (change: Parameters<Parameters<typeof jobContext>[1]>[0]) => {
    const tally = emptyTally()
    change(tally)
    slice.add(tally)
  }

  return {
    ...jobContext(slice, noteNow),
    cursor: slice.cursor === null ? null : decodeCursor(slice.cursor),
    progress: progress => slice.report(progress),
    shouldYield: needMs => slice.shouldYield(needMs),

    checkpoint(cursor, { via } = {}) {
      slice.moveTo(encodeCursor(cursor))
      return slice.checkpoint(via)
    },
  }
}
