import type { RateLimit } from '../answer/rate-limits.js'
import type { GateRules, Rate } from '../options.js'
import { longestWindowMs, mostCalls } from '../options.js'

/** A limit that an answer told of, kept to until then. */
export interface Learned extends Rate {
  readonly until: number
}

type LimitRules = Pick<GateRules, 'rates' | 'spacingMs' | 'learnedForMs'>

const mostLearned = 8

/**
 * Takes in what an answer told of its limits. The lower of two limits over one window stands for its time, and is
 * renewed in the second half of it, so that an answer rarely costs a write. The same list where nothing changes.
 */
export function learnt(
  known: readonly Learned[],
  rules: LimitRules,
  limits: readonly RateLimit[],
  now: number,
): readonly Learned[] {
  return limits.reduce((list, limit) => {
    const rate = rateOf(limit, rules)
    return rate && isLower(rate, rules) ? kept(list, rate, rules, now) : list
  }, known)
}

function kept(known: readonly Learned[], rate: Rate, { learnedForMs }: LimitRules, now: number) {
  const live = known.filter(({ until }) => until > now)
  const before = live.find(({ perMs }) => perMs === rate.perMs)
  if (before && before.limit < rate.limit) return known
  if (before?.limit === rate.limit && before.until > now + learnedForMs / 2) return known
  const others = live.filter(({ perMs }) => perMs !== rate.perMs)
  return [{ ...rate, until: now + learnedForMs }, ...others].slice(0, mostLearned)
}

/**
 * The limit with its window. An answer that names no window can only mean the one that the gate has, and only if
 * its reset lies within that.
 */
function rateOf({ limit, windowMs, resetMs }: RateLimit, { rates }: LimitRules): Rate | undefined {
  if (limit === null || limit < 1 || limit > mostCalls) return undefined
  if (windowMs !== null)
    return windowMs >= 1 && windowMs <= longestWindowMs ? { limit, perMs: windowMs } : undefined
  const [only, another] = rates
  const fits = only && !another && resetMs !== null && resetMs <= only.perMs
  return fits ? { limit, perMs: only.perMs } : undefined
}

/** Whether the gate would allow more than that without knowing it. */
function isLower({ limit, perMs }: Rate, { rates, spacingMs }: LimitRules): boolean {
  const most = rates.map(rate => rate.limit * Math.ceil(perMs / rate.perMs))
  const spaced = spacingMs > 0 ? Math.ceil(perMs / spacingMs) : Number.POSITIVE_INFINITY
  return limit < Math.min(spaced, ...most)
}

/** All windows that hold now: the configured ones, lowered by what was learned, and what else was learned. */
export function ratesNow(rates: readonly Rate[], learned: readonly Learned[], now: number): readonly Rate[] {
  const live = learned.length === 0 ? learned : learned.filter(({ until }) => until > now)
  if (live.length === 0) return rates
  const lowered = rates.map(({ limit, perMs }) => ({ perMs, limit: Math.min(limit, lowest(live, perMs)) }))
  return lowered.concat(live.filter(({ perMs }) => !rates.some(rate => rate.perMs === perMs)))
}

function lowest(learned: readonly Learned[], perMs: number): number {
  return learned.find(limit => limit.perMs === perMs)?.limit ?? Number.POSITIVE_INFINITY
}
