import { checkNames } from '../check-names.js'
import { OptionsError } from '../errors.js'
import { type JobFilter, transitions } from '../store/index.js'

const lists = ['ids', 'states', 'processors', 'queues'] as const
const texts = ['lane', 'tenant', 'key', 'correlationId', 'tag', 'group'] as const
const states = Object.keys(transitions)

/**
 * A filter as it is: whatever a store would not look at means more jobs than were asked for.
 *
 * @throws {OptionsError} for a field that is unknown, `undefined` or of another type, and for an unknown state.
 */
export function checkedFilter(filter: JobFilter): JobFilter {
  checkNames('filter.', filter, [...lists, ...texts])
  for (const name of lists) if (name in filter) checkList(name, filter[name])
  for (const name of texts) if (name in filter) checkString(name, filter[name])
  const stranger = filter.states?.find(state => !states.includes(state))
  if (stranger === undefined) return filter
  throw new OptionsError('filter.states', `"${stranger}" is no state. There are: ${states.join(', ')}`)
}

function checkList(name: string, value: unknown): void {
  if (Array.isArray(value) && value.every(each => typeof each === 'string')) return
  throw refused(name, 'a list of strings', value)
}

function checkString(name: string, value: unknown): void {
  if (typeof value !== 'string') throw refused(name, 'a string', value)
}

function refused(name: string, what: string, value: unknown): OptionsError {
  return new OptionsError(
    `filter.${name}`,
    `must be ${what}, not ${String(value)}. Leave it out to match any`,
  )
}
