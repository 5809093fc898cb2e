import { decodeCursor, encodeCursor } from '../encoding/cursor.js'
import type { JobContext, RunContext } from './context.js'
import { jobContext, noteNow } from './job-context.js'
import type { Slice } from './slice.js'

/** The context of a handler that keeps its own cursor. */
export function runContext(slice: Slice): RunContext<unknown> {
  return jobContext(slice, noteNow(slice), {
    cursor: slice.cursor === null ? null : decodeCursor(slice.cursor),
    progress: slice.report,
    shouldYield: slice.shouldYield,

    checkpoint(cursor, { via } = {}) {
      slice.moveTo(encodeCursor(cursor))
      return slice.checkpoint(via)
    },
  } satisfies Omit<RunContext<unknown>, keyof JobContext<unknown>>)
}
