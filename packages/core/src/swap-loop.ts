import { uuidv7 } from 'uuidv7'
import type { Clock, Random } from './clock.js'
import { backoffMs } from './retry/backoff.js'
import { type Cell, isLonghaulError, type Store, StoreError } from './store/index.js'

export interface SwapLoopDeps {
  readonly cells: Pick<Store, 'cell' | 'swap'>
  readonly clock: Clock
  readonly random: Random
}

const mostRounds = 20
const mostRepeats = 2
const contention = { type: 'exponential', delayMs: 10, maxMs: 250 } as const

/**
 * Edits a cell that others edit too: reads, decides, writes if nobody else wrote, and starts over if one did.
 * `edit` answers the new value, or `undefined` to leave the cell alone; then the cell as it was read is the answer.
 *
 * @throws {StoreError} `store_busy`, when others always were faster; or what the store throws.
 */
export async function swapLoop(
  { cells, clock, random }: SwapLoopDeps,
  name: string,
  edit: (cell: Cell) => string | undefined | Promise<string | undefined>,
): Promise<Cell> {
  for (let round = 0; round < mostRounds; round++) {
    const cell = await cells.cell(name)
    const value = await edit(cell)
    if (value === undefined) return cell
    const change = { id: uuidv7(), version: cell.version, value }
    const swapped = await repeated(() => cells.swap(name, change))
    if (swapped) return swapped
    await pause(round)
  }
  const message = `Cell "${name}" was changed by others ${mostRounds} times in a row. Try again.`
  throw new StoreError('store_busy', 'cells', message, { retryable: true })

  /** A lost reply: the same change has the same id, so it counts once. */
  async function repeated<Result>(write: () => Promise<Result>): Promise<Result> {
    for (let repeat = 0; ; repeat++) {
      try {
        return await write()
      } catch (error) {
        if (repeat === mostRepeats || !isRetryable(error)) throw error
        await pause(repeat)
      }
    }
  }

  function pause(round: number) {
    return clock.sleep(backoffMs(contention, round + 1, undefined, random))
  }
}

function isRetryable(error: unknown): boolean {
  return isLonghaulError(error) && 'retryable' in error && error.retryable === true
}
