import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calendarOf } from '../../src/schedule/calendars.js'

/** The slots behind an instant, as the minute in UTC. */
function slots(cron: string, timeZone: string, from: string, count: number): string[] {
  const calendar = calendarOf({ cron, timeZone })
  const found: number[] = []
  for (let at = Date.parse(from); found.length < count; found.push(at)) at = calendar.after(at) ?? Number.NaN
  return found.map(slot => new Date(slot).toISOString().slice(5, 16))
}

describe('a local time that the clock skips runs once, at the next instant that exists', () => {
  test.each([
    ['Europe/Berlin', '30 2 * * *', '2026-03-28T12:00Z', ['03-29T01:00', '03-30T00:30']],
    ['America/New_York', '30 2 * * *', '2026-03-07T12:00Z', ['03-08T07:00', '03-09T06:30']],
    ['Australia/Lord_Howe', '15 2 * * *', '2026-10-02T16:00Z', ['10-03T15:30', '10-04T15:15']],
    ['America/Havana', '0 0 * * *', '2026-03-07T12:00Z', ['03-08T05:00', '03-09T04:00']],
  ])('%s %s', (zone, cron, from, expected) => {
    expect(slots(cron, zone, from, 2)).toEqual(expected)
  })

  test('several of them are one slot', () => {
    for (const minutes of ['0,30', '*/15', '*', '0-59/20', '10-50'])
      expect(slots(`${minutes} 2 * * *`, 'Europe/Berlin', '2026-03-28T12:00Z', 2)[0], minutes).toBe(
        '03-29T01:00',
      )
    expect(slots('*/30 * 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', 2)).toEqual([
      '03-29T01:00',
      '03-30T00:00',
    ])
  })

  test('and are one with a slot that is there anyway', () => {
    expect(slots('0 2,3 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', 2)).toEqual([
      '03-29T01:00',
      '03-30T00:00',
    ])
  })
})

describe('a local time that comes twice runs once, at the first', () => {
  test.each([
    ['Europe/Berlin', '30 2 * * *', '2026-10-24T12:00Z', ['10-25T00:30', '10-26T01:30']],
    ['America/New_York', '30 1 * * *', '2026-10-31T12:00Z', ['11-01T05:30', '11-02T06:30']],
    ['Australia/Lord_Howe', '45 1 * * *', '2026-04-03T15:00Z', ['04-04T14:45', '04-05T15:15']],
    ['America/Havana', '30 0 * * *', '2026-10-31T12:00Z', ['11-01T04:30', '11-02T05:30']],
  ])('%s %s', (zone, cron, from, expected) => {
    expect(slots(cron, zone, from, 2)).toEqual(expected)
  })

  test('also where the minutes are many', () => {
    expect(slots('*/30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', 3)).toEqual([
      '10-25T00:00',
      '10-25T00:30',
      '10-26T01:00',
    ])
  })

  test('and an hour later, when one asks in between', () => {
    expect(slots('30 2 * * *', 'Europe/Berlin', '2026-10-25T01:10Z', 1)).toEqual(['10-26T01:30'])
  })
})

describe('hours that begin with * follow real time', () => {
  test.each([
    ['23', '2026-03-28T23:00Z'],
    ['25', '2026-10-24T22:00Z'],
  ])('a day of %s hours has as many slots', (hours, midnight) => {
    const { between } = calendarOf({ cron: '0 * * * *', timeZone: 'Europe/Berlin' })
    const from = Date.parse(midnight) - 1
    const tomorrow = calendarOf({ cron: '0 0 * * *', timeZone: 'Europe/Berlin' }).after(from + 1) ?? 0
    expect(between(from, tomorrow - 1, 100)).toHaveLength(Number(hours))
  })

  test('in steps of minutes nothing is left out and nothing doubled', () => {
    expect(slots('*/30 * * * *', 'America/New_York', '2026-11-01T04:59Z', 6)).toEqual([
      '11-01T05:00',
      '11-01T05:30',
      '11-01T06:00',
      '11-01T06:30',
      '11-01T07:00',
      '11-01T07:30',
    ])
  })

  test('every second hour runs whenever the local clock shows one', () => {
    expect(slots('0 */2 * * *', 'Europe/Berlin', '2026-10-24T22:30Z', 3)).toEqual([
      '10-25T00:00',
      '10-25T01:00',
      '10-25T03:00',
    ])
  })
})

const fields = {
  minutes: fc.constantFrom('0', '30', '15,45', '*/20', '7', '*'),
  named: fc.constantFrom('0', '1', '2', '3', '23', '1,2', '0-3', '1-23/2'),
  real: fc.constantFrom('*', '*/2', '*/3'),
}
const place = fc.record({
  timeZone: fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
  year: fc.integer({ min: 2020, max: 2030 }),
})

describe('in any time zone, around a change of its clocks', () => {
  test('each named local time has one slot: the first instant that shows it, or a later one', () => {
    fc.assert(
      fc.property(place, fields.minutes, fields.named, (where, minutes, hours) => {
        const day = aDayIn(where)
        const wanted = matching(minutes, hours)
        const expected = day.minutes.filter((_, index) => day.reachedAt(index).some(wanted))
        expect(day.slots(`${minutes} ${hours} * * *`)).toEqual(expected)
      }),
      { numRuns: 25 },
    )
  })

  test('real time has a slot whenever the clocks show a time that matches', () => {
    fc.assert(
      fc.property(place, fields.minutes, fields.real, (where, minutes, hours) => {
        const day = aDayIn(where)
        const wanted = matching(minutes, hours)
        const expected = day.minutes.filter((_, index) => wanted(day.shown[index] ?? 0))
        expect(day.slots(`${minutes} ${hours} * * *`)).toEqual(expected)
      }),
      { numRuns: 25 },
    )
  })

  test('slots grow from wherever one asks, and a look back finds the same ones', () => {
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'America/Nuuk',
      'UTC',
    )
    const hours = fc.oneof(fields.named, fields.real)
    const day = fc.integer({ min: 0, max: 3_000 })
    const at = fc.integer({ min: 0, max: 86_400_000 })
    fc.assert(
      fc.property(
        zones,
        fields.minutes,
        hours,
        day,
        at,
        fc.integer({ min: 1, max: 9 }),
        (timeZone, m, h, d, ms, most) => {
          const { after, between } = calendarOf({ cron: `${m} ${h} * * *`, timeZone })
          const from = Date.UTC(2020, 0, 1 + d) + ms
          const slots = [after(from) ?? 0]
          while (slots.length < 20) slots.push(after(slots.at(-1) ?? 0) ?? 0)
          expect(slots).toEqual([...new Set(slots)].sort((a, b) => a - b))
          expect(slots[0]).toBeGreaterThan(from)
          expect(between(from, slots[19] ?? 0, most)).toEqual(slots.slice(-most))
          expect(between(slots[4] ?? 0, (slots[9] ?? 0) - 1, 100)).toEqual(slots.slice(5, 9))
        },
      ),
    )
  })
})

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** The hours around the first change of clocks in a year, or around New Year: what they show, minute by minute. */
function aDayIn({ timeZone, year }: { timeZone: string; year: number }) {
  const clock = clockIn(timeZone)
  const offset = (at: number) => clock(at) - at
  let from = Date.UTC(year, 0, 1)
  while (from < Date.UTC(year + 1, 0, 1) && offset(from) === offset(from + day)) from += day
  const minutes = Array.from({ length: 28 * 60 }, (_, index) => from - 2 * hour + index * minute)
  const shown = minutes.map(clock)
  let newest = Number.NEGATIVE_INFINITY
  // Where clocks go back, what they show again was reached before.
  const reached = [clock((minutes[0] ?? 0) - minute), ...shown].map(local => {
    newest = Math.max(newest, local)
    return newest
  })

  return {
    minutes,
    shown,
    /** The local times that are reached with a minute, those that are skipped with the one that comes instead. */
    reachedAt: (index: number) => range((reached[index] ?? 0) + minute, reached[index + 1] ?? 0),
    slots: (cron: string) =>
      calendarOf({ cron, timeZone }).between((minutes[0] ?? 0) - 1, minutes.at(-1) ?? 0, 10_000),
  }
}

function clockIn(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit' },
  })
  return at => Date.parse(format.format(at).replace(/(..)\/(..)\/(....), (.*)/, '$3-$1-$2T$4Z'))
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, (to - from) / minute + 1) }, (_, index) => from + index * minute)
}

function matching(minutes: string, hours: string) {
  return (local: number) =>
    holds(minutes, new Date(local).getUTCMinutes()) && holds(hours, new Date(local).getUTCHours())
}

function holds(field: string, value: number): boolean {
  return field.split(',').some(part => {
    const [range = '', step = '1'] = part.split('/')
    const [from = 0, to = from] = range === '*' ? [0, 59] : range.split('-').map(Number)
    return value >= from && value <= to && (value - from) % Number(step) === 0
  })
}
