import { LonghaulError } from '../store/index.js'

/**
 * A keyed limit on outbound calls. Everything given holds at once; a gate without any limit still remembers
 * what a "too many requests" answer asked for.
 */
export interface GateOptions {
  /** Who is limited: calls under one key share the limit. From 1 to 200 characters. */
  readonly key: string
  /** At most `limit` calls in any window of `perMs`. Up to 8 windows, each of another length. @defaultValue none */
  readonly rates?: readonly Rate[]
  /** The least time between the starts of two calls, up to a day. @defaultValue 0 */
  readonly spacingMs?: number
  /** After `calls` calls without a gap of `pauseMs` between any two, none for `pauseMs`. @defaultValue none */
  readonly pauseAfter?: PauseAfter
  /** Lets jobs wait while the other side is down. @defaultValue off */
  readonly breaker?: BreakerOptions
  /** How long "too many requests" closes the gate when the answer names no time. @defaultValue 20_000 */
  readonly blockedMs?: number
  /** The longest that any answer may close the gate, up to a week. @defaultValue 3_600_000 */
  readonly blockedMaxMs?: number
  /** Goes slower for a while after "too many requests". Needs `rates` or `spacingMs`. @defaultValue off */
  readonly slowAfterBlocked?: SlowAfterBlocked
  /**
   * `shared`: over all workers, through the store. `local`: each process has the whole limit to itself, and no
   * call costs a round trip. @defaultValue 'shared'
   */
  readonly scope?: 'shared' | 'local'
  /**
   * The longest wait that a caller sits out in its slot, up to a minute; for a longer one the job goes back and
   * is due when the gate opens. @defaultValue 2_000
   */
  readonly waitInPlaceMs?: number
}

export interface Rate {
  /** From 1 to 1_000_000. Above 64 the window is counted in steps of a 64th of its length, never too generously. */
  readonly limit: number
  /** From 1 ms to 31 days. */
  readonly perMs: number
}

export interface PauseAfter {
  readonly calls: number
  readonly pauseMs: number
}

export interface BreakerOptions {
  /** Failures in a row that open it. @defaultValue 5 */
  readonly failureThreshold?: number
  /** How long it stays open before it lets a call try, up to a day. @defaultValue 300_000 */
  readonly recoveryMs?: number
  /** How many calls may try at once then, up to 100. The first answer decides. @defaultValue 1 */
  readonly halfOpenMax?: number
}

export interface SlowAfterBlocked {
  /** What is left of the rate at first: above 0, below 1. It comes back evenly. */
  readonly factor: number
  /** How long until the full rate is back, up to a day. */
  readonly forMs: number
}

/** {@link GateOptions}, checked and complete. */
export interface GateRules
  extends Required<Omit<GateOptions, 'pauseAfter' | 'breaker' | 'slowAfterBlocked'>> {
  readonly pauseAfter: PauseAfter | null
  readonly breaker: Required<BreakerOptions> | null
  readonly slowAfterBlocked: SlowAfterBlocked | null
}

const minute = 60_000
const day = 1_440 * minute
export const defaultBlockedMs = 20_000
export const longestWaitInPlaceMs = minute
const breakerDefaults = { failureThreshold: 5, recoveryMs: 5 * minute, halfOpenMax: 1 }

/** Fills in the defaults. @throws {LonghaulError} `invalid_gate`, with all that is wrong. */
export function gateRules(options: GateOptions): GateRules {
  const rules: GateRules = {
    rates: [],
    spacingMs: 0,
    blockedMs: defaultBlockedMs,
    blockedMaxMs: 60 * minute,
    scope: 'shared',
    waitInPlaceMs: 2_000,
    ...options,
    pauseAfter: options.pauseAfter ?? null,
    breaker: options.breaker ? { ...breakerDefaults, ...options.breaker } : null,
    slowAfterBlocked: options.slowAfterBlocked ?? null,
  }
  const wrong = [
    ...keyProblems(rules),
    ...rateProblems(rules),
    ...waitProblems(rules),
    ...breakerProblems(rules),
  ]
  if (wrong.length === 0) return rules
  throw new LonghaulError('invalid_gate', `Gate ${JSON.stringify(options.key)}: ${wrong.join('; ')}.`)
}

function keyProblems({ key, scope }: GateRules): string[] {
  const good = typeof key === 'string' && key.length >= 1 && key.length <= 200
  return [
    ...(good ? [] : ['`key` must have from 1 to 200 characters']),
    ...(scope === 'shared' || scope === 'local' ? [] : ["`scope` must be 'shared' or 'local'"]),
  ]
}

function rateProblems({ rates, spacingMs, pauseAfter, slowAfterBlocked: slow }: GateRules): string[] {
  const lengths = new Set(rates.map(rate => rate.perMs))
  return [
    ...rates.flatMap(({ limit }) => whole('rates.limit', limit, 1, 1_000_000)),
    ...rates.flatMap(({ perMs }) => whole('rates.perMs', perMs, 1, 31 * day)),
    ...(lengths.size < rates.length || rates.length > 8
      ? ['`rates` must be up to 8, with different `perMs`']
      : []),
    ...whole('spacingMs', spacingMs, 0, day),
    ...(pauseAfter ? whole('pauseAfter.calls', pauseAfter.calls, 1, 1_000_000) : []),
    ...(pauseAfter ? whole('pauseAfter.pauseMs', pauseAfter.pauseMs, 1, day) : []),
    ...(slow && rates.length === 0 && spacingMs === 0
      ? ['`slowAfterBlocked` needs `rates` or `spacingMs`']
      : []),
    ...(slow && !(slow.factor > 0 && slow.factor < 1)
      ? ['`slowAfterBlocked.factor` must be above 0 and below 1']
      : []),
  ]
}

function waitProblems({ blockedMs, blockedMaxMs, waitInPlaceMs, slowAfterBlocked }: GateRules): string[] {
  return [
    ...whole('blockedMaxMs', blockedMaxMs, 1, 7 * day),
    ...whole('blockedMs', blockedMs, 0, blockedMaxMs),
    ...whole('waitInPlaceMs', waitInPlaceMs, 0, longestWaitInPlaceMs),
    ...(slowAfterBlocked ? whole('slowAfterBlocked.forMs', slowAfterBlocked.forMs, 1, day) : []),
  ]
}

function breakerProblems({ breaker }: GateRules): string[] {
  if (!breaker) return []
  return [
    ...whole('breaker.failureThreshold', breaker.failureThreshold, 1, 1_000_000),
    ...whole('breaker.recoveryMs', breaker.recoveryMs, 1, day),
    ...whole('breaker.halfOpenMax', breaker.halfOpenMax, 1, 100),
  ]
}

function whole(name: string, value: unknown, least: number, most: number): string[] {
  const good = Number.isInteger(value) && (value as number) >= least && (value as number) <= most
  return good ? [] : [`\`${name}\` must be a whole number from ${least} to ${most}, not ${String(value)}`]
}
