import { OptionsError } from '../errors.js'

/**
 * Whether work goes to jobs. A trigger is whatever starts it: a button, a cron route, the end of a match. One that is
 * not named is on.
 */
export interface Flags {
  /** The master switch: off, nothing is enqueued by `route`, and no worker begins a job. */
  readonly enabled: boolean
  /** On, off, or for so many percent of all keys, from 0 to 100. */
  readonly triggers: Readonly<Record<string, boolean | number>>
}

/** Which flag kept work from a job: the master switch, the trigger, or its percentage. */
export type RoutedBecause = 'switched_off' | 'trigger_off' | 'not_in_rollout'

export const allOn: Flags = { enabled: true, triggers: {} }

/**
 * Pure: why work does not go to a job; `undefined` when it does. The same key is in or out for as long as the percentage
 * stays, and one that is in stays in when it grows.
 */
export function refusal(flags: Flags, trigger: string, key: string): RoutedBecause | undefined {
  if (!flags.enabled) return 'switched_off'
  const share = shareOf(flags, trigger)
  if (share === 0) return 'trigger_off'
  return placeOf(`${trigger}:${key}`) < share ? undefined : 'not_in_rollout'
}

/** Whether jobs that came by this trigger may begin. Those that are stored were in the rollout then. */
export function mayBegin(flags: Flags, trigger: string | undefined): boolean {
  return flags.enabled && (trigger === undefined || shareOf(flags, trigger) > 0)
}

function shareOf({ triggers }: Flags, trigger: string): number {
  const flag = Object.hasOwn(triggers, trigger) ? (triggers[trigger] ?? true) : true
  return typeof flag === 'number' ? flag : flag ? 100 : 0
}

/** From 0 to 100, evenly spread: the 32-bit FNV-1a hash (Fowler, Noll, Vo) of a text's UTF-16 code units. */
function placeOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return ((mixed(hash) >>> 0) / 2 ** 32) * 100
}

/** The last characters alone would change little of the upper bits (the finalizer of MurmurHash3). */
function mixed(hash: number): number {
  let bits = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}

/** @throws {OptionsError} when a percentage is out of range, or there are more than 100 triggers. */
export function checkedFlags({ enabled, triggers }: Flags): Flags {
  if (typeof enabled !== 'boolean') throw new OptionsError('enabled', 'must be true or false')
  const all = Object.entries(triggers)
  if (all.length > 100) throw new OptionsError('triggers', 'at most 100')
  for (const [trigger, flag] of all) checkFlag(trigger, flag)
  return { enabled, triggers: Object.fromEntries(all) }
}

function checkFlag(trigger: string, flag: unknown): void {
  checkTrigger(trigger)
  if (typeof flag === 'boolean' || (typeof flag === 'number' && flag >= 0 && flag <= 100)) return
  throw new OptionsError(
    `triggers.${trigger}`,
    `must be true, false or a percentage from 0 to 100, not ${String(flag)}`,
  )
}

/** @throws {OptionsError} unless it has 1 to 500 characters, as the trigger of a job may. */
export function checkTrigger(trigger: string): void {
  if (typeof trigger === 'string' && trigger.length >= 1 && trigger.length <= 500) return
  throw new OptionsError('trigger', 'must be a string of 1 to 500 characters')
}
