import type { PostgresQuery } from './client.js'
import type { Names } from './names.js'
import type { Template } from './template.js'

export type Values = Readonly<Record<string, unknown>>

/**
 * Statements over the store's tables, written as `templatesOf` says; a list goes as an array. None is prepared by
 * name and none leaves anything in the session, so each may meet another backend.
 */
export interface Sql {
  all<Row>(text: string, values?: Values): Promise<Row[]>
  get<Row>(text: string, values?: Values): Promise<Row | undefined>
  /**
   * Waits for an advisory lock first, in the same transaction and the same round trip, so that the statements see
   * all that its earlier holders did. Answers with the rows of the last one.
   */
  behind<Row>(lock: string, text: string, values?: Values): Promise<Row[]>
}

export interface Dialect {
  readonly names: Names
  readonly template: (text: string) => Template
  /**
   * Whether statements must ask for READ COMMITTED, because the connections begin in another level. They are made
   * for it: in a stricter one each meeting of two workers would be a retry.
   */
  readonly asksForReadCommitted: boolean
  /** The server gives a transaction up when its caller does. */
  readonly timeoutMs: number
  /** The transaction is the caller's, who has chosen its level and its limits. */
  readonly isJoined?: boolean
}

const longestTimeoutMs = 2 ** 31 - 1

export function sqlOn(client: PostgresQuery, dialect: Dialect): Sql {
  const { names, template, asksForReadCommitted, isJoined = false } = dialect
  const timeoutMs = Math.min(Math.ceil(dialect.timeoutMs), longestTimeoutMs)
  const begun = isJoined
    ? ''
    : `set transaction isolation level read committed; set local statement_timeout = ${timeoutMs};`

  async function all<Row>(text: string, values: Values = {}): Promise<Row[]> {
    if (asksForReadCommitted) return together(begun + text, values)
    const { text: numbered, order } = template(text)
    const { rows } = await client.query(
      numbered,
      order.map(name => encoded(values[name])),
    )
    return rows as Row[]
  }

  /** As one simple query, which is one transaction; answers with the rows of the last statement. */
  async function together<Row>(text: string, values: Values): Promise<Row[]> {
    const whole = template(text).withValues(name => literal(encoded(values[name])))
    const results: unknown = await client.query(whole)
    return (results as { rows: Row[] }[]).at(-1)?.rows ?? []
  }

  return {
    all,
    get: async <Row>(text: string, values?: Values) => (await all<Row>(text, values))[0],
    behind: (lock, text, values = {}) =>
      together(`${begun} select pg_advisory_xact_lock(${names.lock(lock)}); ${text}`, values),
  }
}

/** Texts go as hexadecimal digits: whatever they hold, and however the server reads quotes, they stay texts. */
function literal(value: string | number | null): string {
  if (value === null) return 'null'
  if (typeof value === 'number') return `(${value})`
  return `convert_from(decode('${Buffer.from(value).toString('hex')}', 'hex'), 'UTF8')`
}

function encoded(value: unknown): string | number | null {
  if (Array.isArray(value)) return arrayOf(value)
  return typeof value === 'number' ? value : ((value ?? null) as string | null)
}

/**
 * Whether a column is in a list of any length. A list that is written into a statement is no constant to the planner: as
 * an array beside the column, it would be read again for every row.
 */
export function isAmong(column: string, name: string): string {
  return `${column} in (select unnest(@${name}::text[]))`
}

/** An array as PostgreSQL writes it. */
export function arrayOf(values: readonly unknown[]): string {
  return `{${values.map(element).join(',')}}`
}

function element(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  return typeof value === 'string' ? `"${value.replace(/["\\]/g, '\\$&')}"` : String(value)
}
