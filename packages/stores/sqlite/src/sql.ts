import type { SqliteClient } from './client.js'

/** By name; or by place, which is quicker, for what runs once per job. */
export type Values = object | readonly unknown[]

/**
 * Statements over the store's tables, each prepared once. In a text, `{jobs}` stands for the table `jobs` with
 * the store's prefix, and `@name` or `?` for a value.
 */
export interface Sql {
  /** The store's clock, epoch milliseconds. */
  now(): number
  all<Row>(text: string, values?: Values): Row[]
  get<Row>(text: string, values?: Values): Row | undefined
  /** Rows as the driver gives them fastest, which is as lists. */
  rows<Row extends readonly unknown[]>(text: string, values?: Values): Row[]
  /** Answers how many rows it changed. */
  run(text: string, values?: Values): number
  /** Several statements without values. */
  script(text: string): void
}

export function sqlOn(client: SqliteClient, tablePrefix: string, now: () => number): Sql {
  const named = (text: string) => text.replace(/\{(\w+)\}/g, `"${tablePrefix}$1"`)

  function prepare(text: string) {
    const statement = client.prepare(named(text))
    statement.safeIntegers?.(false)
    return statement
  }

  /** The driver gives lists in half the time that it takes for objects. */
  function prepareToRead(text: string) {
    const statement = prepare(text)
    statement.raw(true)
    const toRow = rowsOf(statement.columns().map(({ name }) => name))
    return {
      rows: (values: Values) => statement.all(values) as unknown[][],
      all: (values: Values) => (statement.all(values) as unknown[][]).map(toRow),
      get(values: Values) {
        const found = statement.get(values) as unknown[] | undefined
        return found && toRow(found)
      },
    }
  }

  const writing = onceEach(prepare)
  const reading = onceEach(prepareToRead)

  return {
    now,
    all: <Row>(text: string, values: Values = {}) => reading(text).all(values) as Row[],
    get: <Row>(text: string, values: Values = {}) => reading(text).get(values) as Row | undefined,
    rows: <Row>(text: string, values: Values = {}) => reading(text).rows(values) as Row[],
    run: (text, values = {}) => Number(writing(text).run(values).changes),
    script: text => void client.exec(named(text)),
  }
}

function onceEach<Statement>(prepare: (text: string) => Statement): (text: string) => Statement {
  const known = new Map<string, Statement>()
  return text => {
    const statement = known.get(text) ?? prepare(text)
    known.set(text, statement)
    return statement
  }
}

/** Makes objects with these columns, all of one shape. */
function rowsOf(columns: readonly string[]): (values: readonly unknown[]) => object {
  const blank = Object.fromEntries(columns.map(column => [column, null as unknown]))
  return values => {
    const row = { ...blank }
    columns.forEach((column, place) => {
      row[column] = values[place]
    })
    return row
  }
}

/** A list as one value, for `in (select value from json_each(@list))`. */
export function listOf(values: readonly unknown[]): string {
  return JSON.stringify(values)
}

/** `a = @a, b = @b` for the keys of `values`. */
export function assignments(values: object): string {
  return Object.keys(values)
    .map(column => `${column} = @${column}`)
    .join(', ')
}
