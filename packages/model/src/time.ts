/** Where the clock of every store starts. */
export const startMs = Date.UTC(2026, 0, 1)

/** Every step takes so long by the clock of every store: no real time that it takes comes near it. */
export const tickMs = 600_000

/** What instants are rounded to before they are compared, for a server's clock goes on within a step. */
const unitMs = tickMs / 5

/** Each has a rest of its own, so that nothing is due at a tick, and no two of different steps at once. */
export const durations = {
  shortDelayMs: tickMs + unitMs,
  longDelayMs: 6 * tickMs + 2 * unitMs,
  shortLeaseMs: 4 * tickMs + 3 * unitMs,
  longLeaseMs: 15 * tickMs + 4 * unitMs,
} as const

const instants = new Set(['createdAt', 'dueAt', 'startedAt', 'endedAt', 'at', 'now'])

/** Units since the start. */
export function unitsAt(instantMs: number): number {
  return Math.round((instantMs - startMs) / unitMs)
}

/** The same with every instant in units since the start, and every duration in units. */
export function inUnits<Value>(value: Value, name?: string): Value
export function inUnits(value: unknown, name = ''): unknown {
  if (typeof value === 'number') return numberInUnits(value, name)
  if (Array.isArray(value)) return value.map(member => inUnits(member))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, inUnits(member, key)]))
}

function numberInUnits(value: number, name: string): number {
  if (instants.has(name)) return unitsAt(value)
  return name === 'dueInMs' ? Math.round(value / unitMs) : value
}
