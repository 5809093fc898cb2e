import { type Cell, type CellChange, fromStorable, toStorable } from '@longhaul/core/store'
import type { Connection } from './connection.js'
import { frame } from './frames.js'
import { cellScript, swapScript } from './scripts/cells.js'

/** Version, `=` and the value unless that is null, time. */
type Answer = readonly [version: string, value: string, now: string]

export async function getCell({ run }: Connection, name: string): Promise<Cell> {
  return toCell((await run(cellScript, [toStorable(name)])) as Answer)
}

export async function swapCell(
  { run }: Connection,
  name: string,
  { id, version, value }: CellChange,
): Promise<Cell | undefined> {
  const kept = value === null ? '' : `=${toStorable(value)}`
  const answer = await run(swapScript, [toStorable(name), version, frame(id), kept])
  return answer === null ? undefined : toCell(answer as Answer)
}

function toCell([version, value, now]: Answer): Cell {
  return {
    value: value === '' ? null : fromStorable(value.slice(1)),
    version: Number(version),
    now: Number(now),
  }
}
