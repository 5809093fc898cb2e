import { type CursorValue, decodeCursor, encodeCursor } from '../encoding/cursor.js'
import type { Transaction } from '../store/index.js'
import type { RunContext } from './context.js'
import { HandlerContext, noteNow } from './job-context.js'
import { HandOver } from './signals.js'
import type { Slice } from './slice.js'

/** The context of a handler that keeps its own cursor. */
export class RunHandlerContext extends HandlerContext implements RunContext<unknown> {
  readonly cursor: CursorValue
  readonly #slice: Slice
  #isToYield = false

  constructor(slice: Slice) {
    super(slice, noteNow(slice))
    this.#slice = slice
    this.cursor = slice.cursor === null ? null : decodeCursor(slice.cursor)
  }

  get progress(): RunContext<unknown>['progress'] {
    return progress => this.#slice.report(progress)
  }

  get shouldYield(): RunContext<unknown>['shouldYield'] {
    return needMs => {
      this.#isToYield = this.#slice.shouldYield(needMs)
      return this.#isToYield
    }
  }

  get checkpoint(): RunContext<unknown>['checkpoint'] {
    return (cursor: CursorValue, { via }: { via?: Transaction } = {}) => {
      this.#slice.moveTo(encodeCursor(cursor))
      return this.#slice.checkpoint(via)
    }
  }

  /** Nor is one that was last told to yield. @throws {@link HandOver} */
  override believe(output: unknown): void {
    super.believe(output)
    if (output === undefined && this.#isToYield) throw new HandOver()
  }
}
