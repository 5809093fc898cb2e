/** A header by its name in lower case; `undefined` when it is not there. */
export type HeaderReader = (name: string) => string | undefined

/**
 * The headers of anything: of a `Headers` or a plain object, whose names may have any case, or of what has such
 * `headers`, or a `response` with them. `undefined` when there are none.
 */
export function headersOf(source: unknown): HeaderReader | undefined {
  const headers = read(source, 'headers') ?? read(read(source, 'response'), 'headers') ?? source
  if (typeof headers !== 'object' || headers === null) return undefined
  return isHeaders(headers) ? name => textOf(headers.get(name)) : readerOf(headers)
}

function readerOf(headers: object): HeaderReader {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return name => textOf(byName.get(name))
}

function isHeaders(headers: object): headers is { get(name: string): unknown } {
  return typeof read(headers, 'get') === 'function'
}

function textOf(value: unknown): string | undefined {
  if (value == null || (typeof value === 'object' && !Array.isArray(value))) return undefined
  return String(value)
}

/** The HTTP status of anything that has one, as `status` or `statusCode`, itself or in its `response`. */
export function statusOf(source: unknown): number | undefined {
  const found = [
    read(source, 'status'),
    read(source, 'statusCode'),
    read(read(source, 'response'), 'status'),
    read(read(source, 'response'), 'statusCode'),
  ]
  return found.find(
    (status): status is number => Number.isInteger(status) && Number(status) >= 100 && Number(status) <= 599,
  )
}

/** Whether it looks like the answer of an HTTP server: it has a status and headers. */
export function isAnswer(value: unknown): boolean {
  return statusOf(value) !== undefined && headersOf(read(value, 'headers')) !== undefined
}

/** A member of anything; `undefined` where there is none. */
export function read(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
