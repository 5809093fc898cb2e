const dayMs = 86_400_000

/** What the clocks of one place show. A local time is written as the instant that would show it in UTC. */
export interface Zone {
  /** Local time less the instant. */
  offsetAt(instant: number): number
  /** When the clocks are changed, behind `from` and up to `to`, which are no more than a day apart. */
  changeWithin(from: number, to: number): number | undefined
  /** The first instant at which the clocks show a local time, or a later one if they skip it. */
  instantOf(local: number): number
}

/** @throws {RangeError} for a time zone that is unknown here. */
export function zoneOf(timeZone: string): Zone {
  const offsetAt = offsetsOf(timeZone)

  function changeWithin(from: number, to: number): number | undefined {
    const before = offsetAt(from)
    if (offsetAt(to) === before) return undefined
    let [unchanged, changed] = [from, to]
    while (changed - unchanged > 1) {
      const middle = Math.floor((unchanged + changed) / 2)
      if (offsetAt(middle) === before) unchanged = middle
      else changed = middle
    }
    return changed
  }

  /** No place is more than a day from UTC, so one of these offsets shows the time, or both are of its gap. */
  function instantOf(local: number): number {
    const [before, after] = [offsetAt(local - dayMs), offsetAt(local + dayMs)]
    if (offsetAt(local - before) === before) return local - before
    if (offsetAt(local - after) === after) return local - after
    return changeWithin(local - after, local - before) as number
  }

  return { offsetAt, changeWithin, instantOf }
}

function offsetsOf(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  return timeZone === 'UTC' ? () => 0 : instant => parsedOffset(format.format(instant))
}

/** `7/1/2026, GMT+05:45`; UTC itself is bare, and old offsets have seconds. */
function parsedOffset(text: string): number {
  const [, sign, hours, minutes, seconds = 0] = /([+-])(\d+):(\d+)(?::(\d+))?$/.exec(text) ?? []
  const offsetMs = ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds)) * 1_000
  return sign === '-' ? -offsetMs : offsetMs
}
