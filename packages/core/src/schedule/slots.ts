import { readInstant } from '../enqueue-options.js'
import { OptionsError } from '../errors.js'
import type { Calendar } from './calendar.js'
import { calendarOf } from './calendars.js'
import { timingProblems } from './check.js'
import type { When } from './when.js'

/** Which slots are asked for. */
export interface NextSlotsOptions {
  /** The slots behind this instant: a Date, or an ISO 8601 string with its offset. */
  readonly after: Date | string
  /** From 1 to 1_000. @defaultValue 5 */
  readonly count?: number
}

/**
 * The next slots of a schedule, in ISO 8601. It asks no store, so it also shows what a schedule would do that is not
 * made yet.
 *
 * @throws {OptionsError} for a pattern, a time zone, an interval or an instant that can't be read.
 */
export function nextSlots(when: When, { after, count = 5 }: NextSlotsOptions): readonly string[] {
  const wrong = timingProblems(when)
  if (wrong.length > 0) throw new OptionsError('when', wrong.join('; '))
  if (when.at !== undefined) readInstant(when.at, 'at')
  return slotsBehind(calendarOf(when), readInstant(after, 'after'), count)
}

/** @throws {OptionsError} unless `count` is from 1 to 1,000. */
export function slotsBehind(calendar: Calendar, instant: number, count: number): readonly string[] {
  if (!Number.isInteger(count) || count < 1 || count > 1_000) {
    throw new OptionsError('count', `must be an integer from 1 to 1000, not ${count}`)
  }
  const slots: string[] = []
  for (
    let slot = calendar.after(instant);
    slot !== null && slots.length < count;
    slot = calendar.after(slot)
  ) {
    slots.push(new Date(slot).toISOString())
  }
  return slots
}
