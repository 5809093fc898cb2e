import { Cron } from 'croner'
import { OptionsError } from '../errors.js'
import type { Calendar } from './calendar.js'
import type { Zone } from './zone.js'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const dayMs = 1_440 * minuteMs

/** The local time behind another that a pattern matches; `null` when there is none. */
type Pattern = (local: number) => number | null

/**
 * Where clocks are changed, the hours decide what a pattern means. Hours that begin with `*` follow real time: the
 * job runs whenever the clocks show a time that matches. All other hours name local times, each of which runs once:
 * one that is skipped at the next instant that exists, one that comes twice at the first.
 *
 * @throws {OptionsError} for a pattern that can't be read or never comes, or a time zone that is unknown here.
 */
export function cronCalendar(cron: string, timeZone: string, zoneFor: (timeZone: string) => Zone): Calendar {
  const [pattern, zone] = [patternOf(cron), knownZone(timeZone, zoneFor)]
  const after = /^[*?]/.test(hoursOf(cron)) ? byRealTime(pattern, zone) : byLocalTime(pattern, zone)
  return { after, between: (from, to, most) => newest(after, from, to, most) }
}

function byLocalTime(pattern: Pattern, zone: Zone): Calendar['after'] {
  return instant => {
    let local: number | null = instant + zone.offsetAt(instant)
    for (;;) {
      local = pattern(local)
      if (local === null) return null
      const slot = zone.instantOf(local)
      if (slot > instant) return slot
    }
  }
}

/** From one change of the clocks to the next, local time is real time and an offset. */
function byRealTime(pattern: Pattern, zone: Zone): Calendar['after'] {
  return instant => {
    let at = Math.floor(instant / secondMs) * secondMs + secondMs
    for (;;) {
      const offset = zone.offsetAt(at)
      const local = pattern(at + offset - secondMs)
      if (local === null) return null
      const shown = local - offset
      const change = zone.changeWithin(at, Math.min(shown, at + dayMs))
      if (change === undefined && shown <= at + dayMs) return shown
      at = change ?? Math.max(at + dayMs, shown - 2 * dayMs)
    }
  }
}

/** Looks further and further back, so that years of downtime cost no more than what is asked for. */
function newest(after: Calendar['after'], from: number, to: number, most: number): readonly number[] {
  for (let spanMs = minuteMs; ; spanMs *= 2) {
    const start = Math.max(from, to - spanMs)
    const slots = walk(after, start, to)
    if (slots.length >= most || start === from) return slots.slice(-most)
  }
}

function walk(after: Calendar['after'], from: number, to: number): number[] {
  const slots: number[] = []
  for (let slot = after(from); slot !== null && slot <= to; slot = after(slot)) slots.push(slot)
  return slots
}

/** What the library is asked for is the pattern alone: in UTC every local time comes once. */
function patternOf(cron: string): Pattern {
  const parsed = parse(cron)
  const pattern: Pattern = local => parsed.nextRun(new Date(local))?.getTime() ?? null
  if (pattern(0) === null) throw new OptionsError('cron', `"${cron}" names a day that never comes`)
  return pattern
}

function parse(cron: string): Cron {
  if (!/^@[a-z]+$/i.test(cron) && ![5, 6].includes(fieldsOf(cron).length)) {
    throw new OptionsError('cron', `"${cron}" needs five fields, or six with seconds before them`)
  }
  try {
    return new Cron(cron, { utcOffset: 0, mode: '5-or-6-parts' })
  } catch (error) {
    const reason = (error as Error).message.replace('CronPattern: ', '')
    throw new OptionsError('cron', `"${cron}" can't be read: ${reason}`)
  }
}

function hoursOf(cron: string): string {
  return cron.toLowerCase() === '@hourly' ? '*' : (fieldsOf(cron).at(-4) ?? '')
}

function fieldsOf(cron: string): string[] {
  return cron.trim().split(/\s+/)
}

function knownZone(timeZone: string, zoneFor: (timeZone: string) => Zone): Zone {
  try {
    return zoneFor(timeZone)
  } catch {
    throw new OptionsError('timeZone', `"${timeZone}" is not an IANA time zone`)
  }
}
