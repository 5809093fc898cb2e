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
  assertJson(value, '$', new Set())
  return JSON.stringify(value)
}

/** @throws {TooLargeError} when it takes more than `limit` characters. */
export function assertSize(what: string, text: string, limit: number): void {
  if (text.length > limit) throw new TooLargeError(what, text.length, limit)
}

function assertJson(value: unknown, path: string, parents: Set<object>): void {
  const problem = problemOf(value)
  if (problem) throw new EncodingError(path, problem)
  if (typeof value !== 'object' || value === null) return
  if (parents.has(value)) throw new EncodingError(path, 'contains itself')
  parents.add(value)
  for (const [key, child] of childrenOf(value)) assertJson(child, path + key, parents)
  parents.delete(value)
}

function childrenOf(value: object): (readonly [string, unknown])[] {
  if (Array.isArray(value)) return Array.from(value, (child, index) => [`[${index}]`, child] as const)
  return Object.entries(value).flatMap(([key, child]) =>
    child === undefined ? [] : [[`.${key}`, child] as const],
  )
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
