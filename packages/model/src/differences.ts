import { inspect } from 'node:util'

/** Where two values differ, as lines such as `jobs.2a.state: 'waiting', not 'blocked'`. The order of a map counts. */
export function differences(actual: unknown, expected: unknown, path = ''): string[] {
  if (Object.is(actual, expected)) return []
  if (!isNested(actual) || !isNested(expected)) return [`${path}: ${shown(actual)}, not ${shown(expected)}`]
  const [is, wanted] = [membersOf(actual), membersOf(expected)]
  const names = [...new Set([...wanted.keys(), ...is.keys()])]
  const inMembers = names.flatMap(name => differences(is.get(name), wanted.get(name), under(path, name)))
  const isOrdered = actual instanceof Map && inMembers.length === 0
  return isOrdered
    ? differences([...is.keys()].join(), [...wanted.keys()].join(), `${path} in order`)
    : inMembers
}

function membersOf(value: object): ReadonlyMap<string, unknown> {
  return value instanceof Map ? value : new Map(Object.entries(value))
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function under(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

function shown(value: unknown): string {
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 4 })
}
