import { LonghaulError } from '../store/index.js'

/** What a processor counts under names of its own. JSON. */
export type Counters<Name extends string = string> = Readonly<Partial<Record<Name, number>>>

const mostNames = 64
const mostCharacters = 64

/**
 * Adds to one counter, which starts at 0. Any name will do, `__proto__` too. Pure.
 *
 * @param by Any finite number. @defaultValue 1
 * @throws {LonghaulError} `invalid_counter`, for an empty name, one of more than 64 characters, or a 65th name.
 */
export function addTo<Name extends string>(counters: Counters<Name>, name: Name, by = 1): Counters<Name> {
  const known = Object.hasOwn(counters, name)
  if (name.length < 1 || name.length > mostCharacters)
    throw invalid(name, `must have from 1 to ${mostCharacters} characters`)
  if (!Number.isFinite(by)) throw invalid(name, `can't grow by ${by}`)
  if (!known && Object.keys(counters).length >= mostNames) {
    throw invalid(name, `would be one more than ${mostNames}: count kinds of outcome, not items`)
  }
  return { ...counters, [name]: clamped((known ? (counters[name] ?? 0) : 0) + by) }
}

/** Keeps a sum exact, and finite in JSON. */
function clamped(sum: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(Number.MIN_SAFE_INTEGER, sum))
}

function invalid(name: string, why: string): LonghaulError {
  return new LonghaulError(
    'invalid_counter',
    `Counter ${JSON.stringify(name.slice(0, mostCharacters))} ${why}.`,
  )
}
