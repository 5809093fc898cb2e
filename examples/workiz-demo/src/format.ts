const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

/** `1,500` */
export function count(value: number): string {
  return grouped.format(value)
}

/** `3.2 s`, `45 s`, `2 min 5 s` */
export function duration(ms: number): string {
  const seconds = ms / 1_000
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/** `18–24 s`, `2–3 min`, and `up to 50 s` where the lower end says nothing. */
export function range(lowMs: number, highMs: number): string {
  const [unitMs, unit] = highMs < 100_000 ? [1_000, 's'] : [60_000, 'min']
  const low = Math.max(1, Math.round(lowMs / unitMs))
  const high = Math.max(1, Math.round(highMs / unitMs))
  if (low === high) return `${high} ${unit}`
  return high > 4 * low ? `up to ${high} ${unit}` : `${low}–${high} ${unit}`
}

/** `14:03:09`, local time. */
export function time(epochMs: number): string {
  return clock.format(epochMs)
}
