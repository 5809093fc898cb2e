import { type Cell, type CellChange, toStorable } from '@longhaul/core/store'
import { kept, shown } from './rows.js'
import type { Sql } from './sql.js'

interface CellRow {
  readonly value: string | null
  readonly version: number
  readonly change_id: string
}

export function getCell(sql: Sql, name: string): Cell {
  const row = sql.get<CellRow>(cellSql, { name: toStorable(name) })
  return row ? toCell(row, sql.now()) : { value: null, version: 0, now: sql.now() }
}

export function swapCell(sql: Sql, name: string, { id, version, value }: CellChange): Cell | undefined {
  const values = { name: toStorable(name), id: toStorable(id), version, value: kept(value) }
  const swapped = sql.get<CellRow>(version === 0 ? firstSql : swapSql, values)
  const row = swapped ?? sql.get<CellRow>(repeatedSql, values)
  return row && toCell(row, sql.now())
}

function toCell({ value, version }: CellRow, now: number): Cell {
  return { value: shown(value), version, now }
}

const cellSql = 'select * from {cells} where name = @name'

const firstSql = `
  insert into {cells} (name, value, version, change_id) values (@name, @value, @version + 1, @id)
  on conflict do nothing returning *`

const swapSql = `
  update {cells} set value = @value, version = version + 1, change_id = @id
  where name = @name and version = @version
  returning *`

const repeatedSql = 'select * from {cells} where name = @name and version = @version + 1 and change_id = @id'
