import type { Cell, CellChange } from '../store/index.js'

export interface StoredCell {
  readonly value: string | null
  readonly version: number
  /** The change that made it. */
  readonly changeId: string | null
}

const neverWritten: StoredCell = { value: null, version: 0, changeId: null }

export function readCell(cells: Map<string, StoredCell>, name: string, now: number): Cell {
  const { value, version } = cells.get(name) ?? neverWritten
  return { value, version, now }
}

export function swapCell(
  cells: Map<string, StoredCell>,
  name: string,
  { id, version, value }: CellChange,
  now: number,
): Cell | undefined {
  const cell = cells.get(name) ?? neverWritten
  if (cell.changeId === id) return readCell(cells, name, now)
  if (cell.version !== version) return undefined
  cells.set(name, { value, version: version + 1, changeId: id })
  return readCell(cells, name, now)
}
