import { EncodingError, TooLargeError } from '../errors.js'
import { parsePayload } from './unreadable.js'

/**
 * Where a walk stands, and the key of an item. Bigints and Dates come back as what they were.
 * A database timestamp with microseconds does not fit a Date: pass it as text.
 */
export type CursorValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | readonly CursorValue[]
  | { readonly [key: string]: CursorValue }

/** Cursors are read and written at each checkpoint, so they stay small. */
export const cursorLimit = 65_536

/** The key under which a tagged value stands, so that no plain object may use it. */
const tag = '$'

/**
 * @throws {EncodingError} for a value that would not come back equal.
 * @throws {TooLargeError} above 65,536 characters.
 */
export function encodeCursor(value: CursorValue): string {
  const text = JSON.stringify(pack(value, '$'))
  if (text.length > cursorLimit) throw new TooLargeError('cursor', text.length, cursorLimit)
  return text
}

/** @throws {PayloadError} for one that no codec could open. */
export function decodeCursor(text: string): CursorValue {
  return unpack(parsePayload('cursor', text) as Packed)
}

type Packed = null | boolean | number | string | Packed[] | { [key: string]: Packed }

function pack(value: CursorValue, path: string): Packed {
  if (typeof value === 'bigint') return { [tag]: 'bigint', value: `${value}` }
  if (value instanceof Date) return { [tag]: 'date', value: validDate(value, path) }
  if (typeof value === 'number') return finite(value, path)
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map((member, index) => pack(member, `${path}[${index}]`))
  if (typeof value === 'object') return packObject(value as { readonly [key: string]: CursorValue }, path)
  throw new EncodingError(path, `is ${typeof value}, which a cursor can't hold`)
}

function packObject(value: { readonly [key: string]: CursorValue }, path: string): Packed {
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new EncodingError(path, `is a ${prototype.constructor?.name}, which a cursor can't hold`)
  }
  const entries = Object.entries(value).map(([key, member]) => {
    if (key === tag || key === '__proto__')
      throw new EncodingError(path, `has the key "${key}", which is reserved`)
    return [key, pack(member, `${path}.${key}`)] as const
  })
  return Object.fromEntries(entries)
}

function unpack(packed: Packed): CursorValue {
  if (Array.isArray(packed)) return packed.map(unpack)
  if (typeof packed !== 'object' || packed === null) return packed
  if (packed[tag] === 'bigint') return BigInt(packed.value as string)
  if (packed[tag] === 'date') return new Date(packed.value as string)
  return Object.fromEntries(Object.entries(packed).map(([key, member]) => [key, unpack(member)]))
}

function finite(value: number, path: string): number {
  if (!Number.isFinite(value)) throw new EncodingError(path, `is ${value}, which a cursor can't hold`)
  return value + 0
}

function validDate(date: Date, path: string): string {
  if (Number.isNaN(date.getTime())) throw new EncodingError(path, 'is an invalid Date')
  return date.toISOString()
}
