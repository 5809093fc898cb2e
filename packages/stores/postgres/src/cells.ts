import { type Cell, type CellChange, toStorable } from '@longhaul/core/store'
import { kept, shown } from './rows.js'
import type { Sql } from './sql.js'

interface CellRow {
  readonly value: string | null
  readonly version: string
  readonly now: string
}

export async function getCell(sql: Sql, name: string): Promise<Cell> {
  const row = await sql.get<CellRow>(cellSql, { name: toStorable(name) })
  return toCell(row as CellRow)
}

export async function swapCell(
  sql: Sql,
  name: string,
  { id, version, value }: CellChange,
): Promise<Cell | undefined> {
  const values = { name: toStorable(name), id: toStorable(id), version, value: kept(value) }
  const swapped = await sql.get<CellRow>(version === 0 ? firstSql : swapSql, values)
  const row = swapped ?? (await sql.get<CellRow>(repeatedSql, values))
  return row && toCell(row)
}

function toCell({ value, version, now }: CellRow): Cell {
  return { value: shown(value), version: Number(version), now: Number(now) }
}

const cellSql = `
  select value, coalesce(version, 0) as version, {now} as now
  from (select) as one left join {cells} on name = @name`

const firstSql = `
  insert into {cells} (name, value, version, change_id) values (@name, @value, @version::bigint + 1, @id)
  on conflict do nothing returning value, version, {now} as now`

const swapSql = `
  update {cells} set value = @value, version = version + 1, change_id = @id
  where name = @name and version = @version
  returning value, version, {now} as now`

const repeatedSql = `
  select value, version, {now} as now from {cells}
  where name = @name and version = @version::bigint + 1 and change_id = @id`
