import { OptionsError } from './errors.js'

/** @throws {OptionsError} unless it is an integer within these bounds, themselves included. */
export function checkInteger(option: string, value: unknown, least: number, most: number): void {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return
  throw new OptionsError(option, `must be an integer from ${least} to ${most}, not ${value}`)
}
