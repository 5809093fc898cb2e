import { parseRetryAfter } from './retry-after.js'

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const duration = /^(\d+(\.\d+)?(ms|s|m|h|d))+$/
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i

/** Instants lie between 2001 and 2286: as seconds these have ten digits, and as few seconds from now as many years. */
const leastEpochSeconds = 1e9
const mostEpochSeconds = 1e10
/** Longer than any form of the value, and short enough to look at. */
const mostCharacters = 64

/**
 * In how many milliseconds a quota is full again, as the value of a reset header says it: seconds from now, a
 * duration (`1m30s`, `250ms`), or an instant as seconds or milliseconds since 1970, or as a date. Rounded up, 0 for
 * an instant that has passed; `null` for what could be read in two ways, and for anything else.
 *
 * @param now Epoch milliseconds, by the clock that instants are told by.
 */
export function parseReset(value: string | undefined, now: number): number | null {
  const text = (value ?? '').trim()
  if (text.length > mostCharacters) return null
  if (/^\d+(\.\d+)?$/.test(text)) return fromNumber(Number(text), now)
  if (duration.test(text)) return Math.ceil(durationMs(text))
  if (rfc3339.test(text)) return fromNow(Date.parse(text), now)
  return parseRetryAfter(text, now)
}

/** A thousand million is too many seconds to wait for, and too few milliseconds to be an instant. */
function fromNumber(value: number, now: number): number | null {
  if (value < leastEpochSeconds) return Math.ceil(value * 1_000)
  if (value < mostEpochSeconds) return fromNow(value * 1_000, now)
  const isEpochMs = value >= leastEpochSeconds * 1_000 && value < mostEpochSeconds * 1_000
  return isEpochMs ? fromNow(value, now) : null
}

function durationMs(text: string): number {
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)
  return [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ''] ?? 0), 0)
}

function fromNow(instant: number, now: number): number | null {
  return Number.isNaN(instant) ? null : Math.max(0, Math.ceil(instant - now))
}
