import type { Clock } from '../clock.js'

/** What is left to work with: of the time, and of the items that one pass may work. */
export interface Budget {
  /** Whether what is left is less than `needMs`. Unknown is not endless: without a deadline only `stop` ends it. */
  isOver(needMs?: number): boolean
  /** Counts an item that is about to be worked. */
  spend(items: number): void
  /** From now on nothing is left. */
  close(): void
}

export interface BudgetLimits {
  /** An instant on the clock. */
  readonly deadline?: number | undefined
  readonly maxItems?: number | undefined
}

export function createBudget(clock: Clock, { deadline, maxItems }: BudgetLimits = {}): Budget {
  let itemsLeft = maxItems
  let closed = false
  return {
    isOver(needMs = 0) {
      if (closed || (itemsLeft !== undefined && itemsLeft <= 0)) return true
      return deadline !== undefined && deadline - clock.now() <= needMs
    },
    spend(items) {
      if (itemsLeft !== undefined) itemsLeft -= items
    },
    close() {
      closed = true
    },
  }
}
