import type { SqliteClient, SqliteStatement } from './client.js'

export type Values = Readonly<Record<string, unknown>>

/**
 * Statements over the store's tables, each prepared once. In a text, `{jobs}` stands for the table `jobs` with
 * the store's prefix, and `@name` for a value.
 */
export interface Sql {
  /** The store's clock, epoch milliseconds. */
  now(): number
  all<Row>(text: string, values?: Values): Row[]
  get<Row>(text: string, values?: Values): Row | undefined
  /** Answers how many rows it changed. */
  run(text: string, values?: Values): number
  /** Several statements without values. */
  script(text: string): void
}

export function sqlOn(client: SqliteClient, tablePrefix: string, now: () => number): Sql {
  const statements = new Map<string, SqliteStatement>()
  const named = (text: string) => text.replace(/\{(\w+)\}/g, `"${tablePrefix}$1"`)

  function prepared(text: string) {
    const known = statements.get(text)
    if (known) return known
    const statement = client.prepare(named(text))
    statement.safeIntegers?.(false)
    statements.set(text, statement)
    return statement
  }

  return {
    now,
    all: <Row>(text: string, values: Values = {}) => prepared(text).all(values) as Row[],
    get: <Row>(text: string, values: Values = {}) => prepared(text).get(values) as Row | undefined,
    run: (text, values = {}) => Number(prepared(text).run(values).changes),
    script: text => void client.exec(named(text)),
  }
}

/** A list as one value, for `in (select value from json_each(@list))`. */
export function listOf(values: readonly unknown[]): string {
  return JSON.stringify(values)
}

/** `a = @a, b = @b` for the keys of `values`. */
export function assignments(values: Values): string {
  return Object.keys(values)
    .map(column => `${column} = @${column}`)
    .join(', ')
}
