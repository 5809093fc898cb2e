import { EncodingError, TooLargeError } from '../errors.js'

/** What JSON holds without loss. Properties that are `undefined` are left out, as JSON does. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined }

/**
 * JSON of a value that will be equal when it is parsed again.
 *
 * @throws {EncodingError} with the path of the part that would change: a Date, a Map, a bigint, NaN, a cycle.
 */
export function encodeJson(value: unknown): string {
  if (value === undefined) return 'null'
  const problem = problemIn(value, new Set())
  if (problem) throw new EncodingError(`$${problem.path}`, problem.what)
  return JSON.stringify(value)
}

/** @throws {TooLargeError} when it takes more than `limit` characters. */
export function assertSize(what: string, text: string, limit: number): void {
  if (text.length > limit) throw new TooLargeError(what, text.length, limit)
}

/** What JSON would change of a value, and where. */
interface Problem {
  readonly path: string
  readonly what: string
}

function problemIn(value: unknown, parents: Set<object>): Problem | undefined {
  const what = problemOf(value)
  if (what) return { path: '', what }
  if (typeof value !== 'object' || value === null) return undefined
  if (parents.has(value)) return { path: '', what: 'contains itself' }
  parents.add(value)
  const problem = Array.isArray(value) ? problemAmong(value, parents) : problemWithin(value, parents)
  parents.delete(value)
  return problem
}

function problemAmong(items: readonly unknown[], parents: Set<object>): Problem | undefined {
  for (let index = 0; index < items.length; index++) {
    const problem = problemIn(items[index], parents)
    if (problem) return { ...problem, path: `[${index}]${problem.path}` }
  }
  return undefined
}

function problemWithin(members: object, parents: Set<object>): Problem | undefined {
  for (const key of Object.keys(members)) {
    const child = (members as Record<string, unknown>)[key]
    const problem = child === undefined ? undefined : problemIn(child, parents)
    if (problem) return { ...problem, path: `.${key}${problem.path}` }
  }
  return undefined
}

function problemOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined
    case 'number':
      return Number.isFinite(value) ? undefined : `is ${value}, which JSON turns into null`
    case 'object':
      return value === null || Array.isArray(value) ? undefined : objectProblem(value)
    default:
      return `is ${typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`}, which JSON can't hold`
  }
}

function objectProblem(value: object): string | undefined {
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype && Object.getPrototypeOf(prototype) !== null) {
    return `is a ${prototype.constructor?.name ?? 'class instance'}, which JSON does not keep: pass a string or a plain object`
  }
  if (Object.hasOwn(value, '__proto__')) return 'has the key "__proto__", which is refused'
  return typeof (value as { toJSON?: unknown }).toJSON === 'function'
    ? 'has a toJSON method, so it would change'
    : undefined
}
