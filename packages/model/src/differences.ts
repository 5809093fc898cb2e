import { inspect } from 'node:util'

/** Where two values differ, as lines such as `jobs.2a.state: 'waiting', not 'blocked'`. */
export function differences(actual: unknown, expected: unknown, path = ''): string[] {
  if (Object.is(actual, expected)) return []
  if (!isNested(actual) || !isNested(expected)) return [`${path}: ${short(actual)}, not ${short(expected)}`]
  const [is, wanted] = [members(actual), members(expected)]
  const order = [...is.keys()].join() === [...wanted.keys()].join() ? [] : orderOf(is, wanted, path)
  const names = new Set([...wanted.keys(), ...is.keys()])
  return [
    ...order,
    ...[...names].flatMap(name => differences(is.get(name), wanted.get(name), under(path, name))),
  ]
}

/** Only of maps: the members of an object have no order that counts. */
function orderOf(is: Members, wanted: Members, path: string): string[] {
  if (!is.isOrdered || !wanted.isOrdered) return []
  return [`${path}: in the order ${[...is.keys()]}, not ${[...wanted.keys()]}`]
}

type Members = Map<string, unknown> & { isOrdered?: boolean }

function members(value: object): Members {
  if (value instanceof Map) return Object.assign(new Map(value), { isOrdered: true })
  return new Map(Object.entries(value))
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function under(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

function short(value: unknown): string {
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 4 })
}
