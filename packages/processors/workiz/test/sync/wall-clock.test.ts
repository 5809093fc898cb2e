import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wallClock, wallClocks } from '../../src/sync/wall-clock.js'

describe('a wall clock time becomes an instant', () => {
  test.each([
    ['America/Los_Angeles', '2026-01-15 04:00:00', '2026-01-15T12:00:00.000Z'],
    ['America/Los_Angeles', '2026-07-15 04:00:00', '2026-07-15T11:00:00.000Z'],
    ['US/Pacific', '2026-07-15T04:00:00', '2026-07-15T11:00:00.000Z'],
    ['UTC', '2024-02-29 23:59:59', '2024-02-29T23:59:59.000Z'],
    ['Asia/Kathmandu', '2026-01-01 00:00:00', '2025-12-31T18:15:00.000Z'],
    ['Pacific/Kiritimati', '2026-01-01 00:00:00', '2025-12-31T10:00:00.000Z'],
  ])('in %s: %s is %s', (zone, text, instant) => {
    expect(wallClock(zone).toInstant(text)).toBe(instant)
  })
})

describe('where the clocks change', () => {
  test.each([
    [
      'the last minute before spring',
      'America/Los_Angeles',
      '2026-03-08 01:59:59',
      '2026-03-08T09:59:59.000Z',
    ],
    [
      'a time that is skipped is the hour after',
      'America/Los_Angeles',
      '2026-03-08 02:30:00',
      '2026-03-08T10:30:00.000Z',
    ],
    [
      'the first minute of summer time',
      'America/Los_Angeles',
      '2026-03-08 03:00:00',
      '2026-03-08T10:00:00.000Z',
    ],
    [
      'a time that comes twice is the first',
      'America/Los_Angeles',
      '2026-11-01 01:30:00',
      '2026-11-01T08:30:00.000Z',
    ],
    ['the first minute after it', 'America/Los_Angeles', '2026-11-01 02:00:00', '2026-11-01T10:00:00.000Z'],
    ['half an hour skipped', 'Australia/Lord_Howe', '2026-10-04 02:15:00', '2026-10-03T15:45:00.000Z'],
    ['half an hour repeated', 'Australia/Lord_Howe', '2026-04-05 01:45:00', '2026-04-04T14:45:00.000Z'],
    ['a day that was skipped', 'Pacific/Apia', '2011-12-30 12:00:00', '2011-12-30T22:00:00.000Z'],
  ])('%s', (_, zone, text, instant) => {
    expect(wallClock(zone).toInstant(text)).toBe(instant)
  })

  test('the wall shows again what was read from it, except in a skipped hour', () => {
    const { toInstant } = wallClock('Europe/Berlin')
    const shown = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Europe/Berlin',
      dateStyle: 'short',
      timeStyle: 'medium',
    })
    const minutes = fc.integer({ min: Date.UTC(2020, 0) / 60_000, max: Date.UTC(2030, 0) / 60_000 })
    fc.assert(
      fc.property(minutes, minute => {
        const text = new Date(minute * 60_000).toISOString().slice(0, 19).replace('T', ' ')
        const again = shown.format(new Date(String(toInstant(text))))
        expect(again === text || /-03-\d\d 02:/.test(text)).toBe(true)
      }),
    )
  })
})

test.each([
  '',
  '2026-02-30 10:00:00',
  '2026-13-01 10:00:00',
  '2026-01-01 25:00:00',
  '2026-01-01',
  'soon',
  null,
  undefined,
  7,
])('%j is no wall clock time', text => {
  expect(wallClock('UTC').toInstant(text)).toBeNull()
})

test('the date at an instant is the account’s', () => {
  expect(wallClock('America/Los_Angeles').dateAt(Date.UTC(2026, 0, 1, 7, 59))).toBe('2025-12-31')
  expect(wallClock('America/Los_Angeles').dateAt(Date.UTC(2026, 0, 1, 8))).toBe('2026-01-01')
})

test('an unknown zone is refused for an account, and ignored for a job', () => {
  expect(() => wallClock('Mars/Olympus')).toThrow(RangeError)

  const clockOf = wallClocks('America/Los_Angeles')
  expect(clockOf('Mars/Olympus')).toBe(clockOf())
  expect(clockOf('Asia/Tokyo').toInstant('2026-01-01 09:00:00')).toBe('2026-01-01T00:00:00.000Z')
})
