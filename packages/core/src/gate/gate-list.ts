import { coalesce } from '../coalesce.js'
import { type SwapLoopDeps, swapLoop } from '../swap-loop.js'

const cellName = 'gates'
/** The list is one value, read and written whole. */
const mostKeys = 500

/** The keys of the gates that a store keeps: one cell, which holds the 500 that were opened last for the first time. */
export interface GateList {
  add(key: string): Promise<void>
  /** In the order of their keys. */
  keys(): Promise<readonly string[]>
}

export function gateList(deps: SwapLoopDeps): GateList {
  const add = coalesce(async (keys: readonly string[]) => {
    await swapLoop(deps, cellName, ({ value }) => withKeys(readKeys(value), keys))
    return keys.map(() => undefined)
  })
  return {
    add,
    keys: async () => [...readKeys((await deps.cells.cell(cellName)).value)].sort(),
  }
}

function withKeys(known: readonly string[], keys: readonly string[]): string | undefined {
  const fresh = [...new Set(keys)].filter(key => !known.includes(key))
  return fresh.length === 0 ? undefined : JSON.stringify([...fresh, ...known].slice(0, mostKeys))
}

function readKeys(value: string | null): readonly string[] {
  return value === null ? [] : (JSON.parse(value) as string[])
}
