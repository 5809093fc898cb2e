import type { Values } from './sql.js'

/** The columns of a recordset: the type of each in SQL, and its value for a row. */
export type Columns<Row> = Readonly<Record<string, Column<Row>>>

export interface Column<Row> {
  readonly type: string
  of(row: Row): unknown
}

/** Rows as something to select from. */
export interface Recordset {
  /** Its columns, and `place`, which counts from 1. */
  readonly sql: string
  readonly values: Values
}

/**
 * Sends rows with one statement. A column in which all rows agree goes as one value, every other one as an array.
 *
 * @param name Stands before the names of its values, so that one statement can take several.
 */
export function recordset<Row>(name: string, columns: Columns<Row>, rows: readonly Row[]): Recordset {
  const values: Record<string, unknown> = { [`${name}_rows`]: rows.length }
  const same: string[] = []
  const varied: string[] = []
  const arrays: string[] = []
  for (const [column, { type, of }] of Object.entries(columns)) {
    const all = rows.map(of)
    const isSame = all.every(value => value === all[0])
    values[`${name}_${column}`] = isSame ? all[0] : all
    if (isSame) {
      same.push(`@${name}_${column}::${type} as ${column}`)
    } else {
      varied.push(column)
      arrays.push(`@${name}_${column}::${type}[]`)
    }
  }
  return { sql: selected(same, varied, arrays, `@${name}_rows::integer`), values }
}

function selected(same: string[], varied: string[], arrays: string[], rows: string): string {
  if (varied.length === 0) return `select ${same.join(', ')}, place from generate_series(1, ${rows}) as place`
  const table = `unnest(${arrays.join(', ')}) with ordinality as varied (${[...varied, 'place'].join(', ')})`
  return `select ${[...same, '*'].join(', ')} from ${table}`
}
