import { OptionsError } from './errors.js'

/** @throws {OptionsError} unless it is a string of 1 to `most` characters. */
export function checkText(option: string, text: unknown, most: number): void {
  if (typeof text === 'string' && text.length > 0 && text.length <= most) return
  throw new OptionsError(option, `must be a string of 1 to ${most} characters`)
}
