const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const time = String.raw`(\d\d):(\d\d):(\d\d)`

/** The three forms of an HTTP date, which all mean UTC (RFC 9110, 5.6.7). */
const imfFixdate = new RegExp(String.raw`^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) ${time} GMT$`)
const rfc850Date = new RegExp(String.raw`^[A-Z][a-z]{5,8}, (\d\d)-([A-Z][a-z]{2})-(\d\d) ${time} GMT$`)
const asctimeDate = new RegExp(String.raw`^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) ${time} (\d{4})$`)

/** Longer than any form of the value, and short enough to look at. */
const mostCharacters = 64

/**
 * How long a `Retry-After` header asks to wait (RFC 9110, 10.2.3): seconds or a date. Whole milliseconds, rounded
 * up, 0 for a date that has passed; `null` for anything else. Not capped: a gate does that.
 *
 * @param now Epoch milliseconds.
 */
export function parseRetryAfter(value: string | null | undefined, now: number): number | null {
  const text = (value ?? '').trim()
  if (text.length > mostCharacters) return null
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Math.ceil(Number(text) * 1_000), Number.MAX_SAFE_INTEGER)
  const instant = parseHttpDate(text, now)
  return instant === null ? null : Math.max(0, Math.ceil(instant - now))
}

/** Epoch milliseconds; `null` for what is no HTTP date. */
export function parseHttpDate(text: string, now: number): number | null {
  const [, day, month, year, ...rest] = imfFixdate.exec(text) ?? []
  if (day) return instantOf(Number(year), month, day, rest)
  const [, shortDay, shortMonth, shortYear, ...shortRest] = rfc850Date.exec(text) ?? []
  if (shortDay) return instantOf(fullYear(Number(shortYear), now), shortMonth, shortDay, shortRest)
  const [, oldMonth, oldDay, hours, minutes, seconds, oldYear] = asctimeDate.exec(text) ?? []
  return oldDay ? instantOf(Number(oldYear), oldMonth, oldDay, [hours, minutes, seconds]) : null
}

function instantOf(
  year: number,
  month = '',
  day: string,
  time: readonly (string | undefined)[],
): number | null {
  const [hours = 0, minutes = 0, seconds = 0] = time.map(Number)
  const date = new Date(Date.UTC(year, months.indexOf(month), Number(day), hours, minutes, seconds))
  const sameDay = date.getUTCDate() === Number(day) && months[date.getUTCMonth()] === month
  const leapSecond = seconds === 60 && hours === 23 && minutes === 59
  const inRange = hours < 24 && minutes < 60 && (seconds < 60 || leapSecond)
  return (sameDay || leapSecond) && months.includes(month) && inRange ? date.getTime() : null
}

/** Two digits more than 50 years ahead mean the century before. */
function fullYear(twoDigits: number, now: number): number {
  const thisYear = new Date(now).getUTCFullYear()
  const year = thisYear - (thisYear % 100) + twoDigits
  return year > thisYear + 50 ? year - 100 : year
}
