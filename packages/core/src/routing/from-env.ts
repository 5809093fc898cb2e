import { OptionsError } from '../errors.js'
import type { Flags } from './flags.js'

/**
 * Flags from environment variables: `<prefix>GLOBAL` is the master switch, every other `<prefix>NAME` the trigger
 * `name`, with `_` for what is not a letter from A to Z or a digit. Values are `true`, `false` or a percentage (`25%`). What is not set is off.
 *
 * @param triggers Those that your code names.
 * @param env For example `process.env`, read once.
 * @throws {OptionsError} for any other value.
 */
export function flagsFromEnv(
  triggers: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  prefix = 'USE_BG_JOBS_',
): Flags {
  const read = (name: string) => {
    const variable = prefix + name.toUpperCase().replace(/[^A-Z0-9]/g, '_')
    return flagOf(variable, env[variable])
  }
  return {
    enabled: read('global') === true,
    triggers: Object.fromEntries(triggers.map(trigger => [trigger, read(trigger)])),
  }
}

function flagOf(name: string, value = 'false'): boolean | number {
  const text = value.trim().toLowerCase()
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0' || text === '') return false
  const percent = /^(\d{1,3})%$/.exec(text)?.[1]
  if (percent !== undefined && Number(percent) <= 100) return Number(percent)
  throw new OptionsError(name, `must be true, false or a percentage like 25%, not "${value}"`)
}
