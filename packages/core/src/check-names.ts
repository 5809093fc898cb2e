import { OptionsError } from './errors.js'

/**
 * For what would do nothing, and say nothing, were it misspelt.
 *
 * @param where What the name of an option begins with, as `retry.`.
 * @throws {OptionsError} unless `given` is an object that has no other names.
 */
export function checkNames(where: string, given: unknown, known: readonly string[]): void {
  if (typeof given !== 'object' || given === null)
    throw new OptionsError(where.replace(/\.$/, '') || 'options', `must be an object, not ${String(given)}`)
  const stranger = Object.keys(given).find(name => !known.includes(name))
  if (stranger === undefined) return
  throw new OptionsError(`${where}${stranger}`, `is unknown. There are: ${known.join(', ')}`)
}
