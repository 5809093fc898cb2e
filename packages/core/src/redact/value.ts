import type { SecretNames } from './names.js'
import { mask } from './shapes.js'

export interface ValueRules {
  readonly names: SecretNames
  text(text: string): string
}

const deepest = 8
const mostValues = 2_000
/** In place of what is too deep, or one too many, to be looked at. */
const unseen = '[…]'

/** A copy without secrets; the value itself where there are none. Errors stay errors of their class. */
export function redactValue<Value>(value: Value, rules: ValueRules): Value {
  const walk = new Walk(rules)
  const copy = walk.copy(value, 0)
  return walk.changed ? (copy as Value) : value
}

class Walk {
  changed = false
  readonly #rules: ValueRules
  #left = mostValues
  /** A value that is met again, also within itself, has one copy. */
  readonly #copies = new Map<object, unknown>()

  constructor(rules: ValueRules) {
    this.#rules = rules
  }

  copy(value: unknown, depth: number): unknown {
    if (this.#left-- <= 0) return this.#put(value, unseen)
    if (typeof value === 'string') return this.#put(value, this.#rules.text(value))
    if (typeof value !== 'object' || value === null || value instanceof Date) return value
    if (this.#copies.has(value)) return this.#copies.get(value)
    if (depth >= deepest) return this.#put(value, unseen)
    return this.#copyObject(value, depth + 1)
  }

  #copyObject(value: object, depth: number): unknown {
    if (Array.isArray(value)) return this.#copyList(value, depth)
    if (value instanceof Error || isPlain(value)) return this.#copyMembers(value, depth)
    return this.#put(value, `[${value.constructor?.name || 'object'}]`)
  }

  /** Names and values may take turns, as in raw headers. */
  #copyList(list: readonly unknown[], depth: number): unknown {
    const copy: unknown[] = []
    this.#copies.set(list, copy)
    for (let index = 0; index < list.length && this.#left > 0; index++) {
      const name = index % 2 === 1 ? headerName(list[index - 1]) : ''
      copy.push(this.#named(name, list[index], depth))
    }
    if (copy.length < list.length) copy.push(this.#put(list, unseen))
    return copy
  }

  #copyMembers(value: object, depth: number): unknown {
    const copy = Object.create(Object.getPrototypeOf(value))
    this.#copies.set(value, copy)
    for (const key of Reflect.ownKeys(value).slice(0, this.#left)) {
      const member = this.#named(key, (value as Record<PropertyKey, unknown>)[key], depth)
      const enumerable = Object.prototype.propertyIsEnumerable.call(value, key)
      Object.defineProperty(copy, key, { value: member, enumerable, writable: true, configurable: true })
    }
    return copy
  }

  #named(name: PropertyKey, value: unknown, depth: number): unknown {
    if (!isSecret(name, value, this.#rules.names)) return this.copy(value, depth)
    this.#left--
    return this.#put(value, mask)
  }

  #put(before: unknown, after: unknown): unknown {
    this.changed ||= before !== after
    return after
  }
}

/** A number under the name of a token counts something: the tokens of a lease, or of a language model. */
function isSecret(name: PropertyKey, value: unknown, names: SecretNames): boolean {
  if (typeof name !== 'string' || !names.has(name)) return false
  if (typeof value === 'number' || typeof value === 'bigint') return !/token/i.test(name)
  return typeof value === 'string' ? value !== '' : typeof value === 'object' && value !== null
}

function headerName(value: unknown): string {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? value : ''
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
