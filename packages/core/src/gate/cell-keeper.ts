import { coalesce } from '../coalesce.js'
import { type SwapLoopDeps, swapLoop } from '../swap-loop.js'
import type { GateEdit, GateKeeper } from './keeper.js'
import { freshGate, type GateState } from './rules/state.js'

export interface CellKeeperDeps extends SwapLoopDeps {
  /** Called before the first state of a gate is written. */
  introduce(key: string): Promise<void>
}

/** Over all workers, in a cell of the store and by its clock. Edits that come at once share a round trip. */
export function cellKeeper(key: string, { introduce, ...deps }: CellKeeperDeps): GateKeeper {
  let seen = freshGate
  let text: string | null = null

  /** What this process wrote itself it need not parse. */
  async function read(value: string | null): Promise<GateState> {
    if (value === null) await introduce(key)
    return value !== null && value === text ? seen : readState(value)
  }

  const edit = coalesce(async (edits: readonly GateEdit[]) => {
    const cell = await swapLoop(deps, cellOf(key), async ({ value, now }) => {
      const state = await read(value)
      seen = edits.reduce((edited, edit) => edit(edited, now), state)
      if (seen === state) return undefined
      const written = JSON.stringify(seen)
      text = written
      return written
    })
    return edits.map(() => cell.now)
  })

  return { seen: () => seen, edit }
}

/** The name of the cell that a gate is kept in. */
export function cellOf(key: string): string {
  return `gate:${key}`
}

export function readState(value: string | null): GateState {
  return value === null ? freshGate : { ...freshGate, ...(JSON.parse(value) as GateState) }
}
