import type { Calendar } from './calendar.js'
import { cronCalendar } from './cron.js'
import type { When } from './when.js'
import { type Zone, zoneOf } from './zone.js'

/** @throws {OptionsError} for a cron pattern or a time zone that can't be read. */
export function calendarOf(when: When, zoneFor: (timeZone: string) => Zone = zoneOf): Calendar {
  if (when.cron !== undefined) return cronCalendar(when.cron, when.timeZone ?? 'UTC', zoneFor)
  return when.everyMs !== undefined ? everyCalendar(when.everyMs) : onceCalendar(new Date(when.at).getTime())
}

/** Counted from 1970-01-01T00:00:00Z, so that no worker, restart or store has a count of its own. */
function everyCalendar(everyMs: number): Calendar {
  return {
    after: instant => (Math.floor(instant / everyMs) + 1) * everyMs,
    between(from, to, most) {
      const [first, last] = [Math.floor(from / everyMs) + 1, Math.floor(to / everyMs)]
      const count = Math.max(0, Math.min(most, last - first + 1))
      return Array.from({ length: count }, (_, index) => (last - count + 1 + index) * everyMs)
    },
  }
}

function onceCalendar(slot: number): Calendar {
  return {
    after: instant => (instant < slot ? slot : null),
    between: (from, to, most) => (from < slot && slot <= to && most > 0 ? [slot] : []),
  }
}

/** Schedules with the same `when` share a calendar, and those of one place its zone: both take a while to make. */
export function sharedCalendars(): (when: When) => Calendar {
  const zoneFor = remembered(zoneOf)
  const calendarFor = remembered((timing: string) => attentive(calendarOf(JSON.parse(timing), zoneFor)))
  return when => calendarFor(JSON.stringify(when))
}

const mostRemembered = 2_000

function remembered<Made>(make: (key: string) => Made): (key: string) => Made {
  const made = new Map<string, Made>()
  return key => {
    const one = made.get(key) ?? make(key)
    if (made.size >= mostRemembered) made.clear()
    made.set(key, one)
    return one
  }
}

/** Remembers its last answers: a schedule stands at one slot for long, and looks from there at every tick. */
function attentive(calendar: Calendar): Calendar {
  return { after: lastOf(calendar.after), between: lastOf(calendar.between) }
}

function lastOf<Args extends readonly number[], Answer>(
  ask: (...args: Args) => Answer,
): (...args: Args) => Answer {
  let last: { readonly args: Args; readonly answer: Answer } | undefined
  return (...args) => {
    if (!last?.args.every((arg, index) => arg === args[index])) last = { args, answer: ask(...args) }
    return last.answer
  }
}
