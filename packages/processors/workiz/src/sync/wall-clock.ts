const dayMs = 86_400_000
const pattern = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})$/

/** Turns an account's wall clock into instants and back. */
export interface WallClock {
  /**
   * The UTC instant (ISO 8601) of a `YYYY-MM-DD HH:MM:SS`, or `null` when it is no such time. An hour that the
   * clock skips in spring is read as the hour after; of one that it repeats in autumn, the first.
   */
  toInstant(text: unknown): string | null
  /** The account's date at an instant, `yyyy-MM-dd`. */
  dateAt(instantMs: number): string
}

/** @throws {RangeError} when the platform knows no such zone. */
export function wallClock(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', { ...fields, timeZone })
  const offsetAt = (instantMs: number) => wallMs(format, instantMs) - Math.floor(instantMs / 1_000) * 1_000

  return {
    toInstant(text) {
      const wall = parse(text)
      return wall === null ? null : new Date(resolve(wall, offsetAt)).toISOString()
    },
    dateAt: instantMs => new Date(wallMs(format, instantMs)).toISOString().slice(0, 10),
  }
}

/** Wall clocks by zone, for jobs that name theirs: an unknown name counts as none. */
export function wallClocks(accountTimeZone: string): (jobTimeZone?: unknown) => WallClock {
  const account = wallClock(accountTimeZone)
  const known = new Map<unknown, WallClock>([[undefined, account]])
  return zone => {
    const clock = known.get(zone) ?? tryWallClock(zone) ?? account
    known.set(zone, clock)
    return clock
  }
}

function tryWallClock(zone: unknown): WallClock | undefined {
  try {
    return typeof zone === 'string' ? wallClock(zone) : undefined
  } catch {
    return undefined
  }
}

/** As `Temporal` does it by default ("compatible"): the offset of the day before wins wherever it can. */
function resolve(wall: number, offsetAt: (instantMs: number) => number): number {
  const before = wall - offsetAt(wall - dayMs)
  const after = wall - offsetAt(wall + dayMs)
  const holds = (instantMs: number) => instantMs + offsetAt(instantMs) === wall
  return !holds(before) && holds(after) ? after : before
}

/** The wall time as if it were UTC; `null` also for a 31st of February. */
function parse(text: unknown): number | null {
  const parts = typeof text === 'string' && pattern.exec(text)
  if (!parts) return null
  const ms = Date.parse(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}Z`)
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(8, 10) !== parts[3] ? null : ms
}

function wallMs(format: Intl.DateTimeFormat, instantMs: number): number {
  const parts = Object.fromEntries(
    format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

const fields = {
  calendar: 'gregory',
  numberingSystem: 'latn',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const
