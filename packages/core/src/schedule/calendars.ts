import type { Calendar } from './calendar.js'
import { cronCalendar } from './cron.js'
import type { When } from './when.js'

/** @throws {OptionsError} for a cron pattern or a time zone that can't be read. */
export function calendarOf(when: When): Calendar {
  if (when.cron !== undefined) return cronCalendar(when.cron, when.timeZone ?? 'UTC')
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

const mostShared = 2_000

/** Schedules with the same `when` share a calendar: one takes a while to make, and remembers what it was asked. */
export function sharedCalendars(): (when: When) => Calendar {
  const calendars = new Map<string, Calendar>()
  return when => {
    const key = JSON.stringify(when)
    const calendar = calendars.get(key) ?? attentive(calendarOf(when))
    if (calendars.size >= mostShared) calendars.clear()
    calendars.set(key, calendar)
    return calendar
  }
}

/** A schedule stands at one slot for long, and looks from there at every tick. */
function attentive(calendar: Calendar): Calendar {
  let asked: { readonly instant: number; readonly answer: number | null } | undefined
  return {
    ...calendar,
    after(instant) {
      if (asked?.instant !== instant) asked = { instant, answer: calendar.after(instant) }
      return asked.answer
    },
  }
}
