import { LonghaulError } from '../store/index.js'
import { shapeProblems } from './gate-shape.js'
import {
  type BreakerOptions,
  type BreakerRules,
  type GateOptions,
  type GateRules,
  longestKey,
  longestWaitInPlaceMs,
  longestWindowMs,
  mostCalls,
} from './options.js'

const minute = 60_000
const day = 1_440 * minute
const breakerDefaults = { failureThreshold: 5, recoveryMs: 5 * minute, halfOpenMax: 1 }
const slowDefaults = { factor: 0.5, least: 0.1, step: 0.1, everyMs: minute }

/** Fills in the defaults. @throws {LonghaulError} `invalid_gate`, with all that is wrong. */
export function gateRules(options: GateOptions): GateRules {
  refuse(options, shapeProblems(options))
  const rules = withDefaults(options)
  const wrong = [keyProblems, rateProblems, waitProblems, breakerProblems, slowProblems].flatMap(problems =>
    problems(rules),
  )
  refuse(options, wrong)
  return rules
}

function refuse({ key }: GateOptions, wrong: readonly string[]): void {
  if (wrong.length === 0) return
  throw new LonghaulError('invalid_gate', `Gate ${JSON.stringify(key)}: ${wrong.join('; ')}.`)
}

function withDefaults(options: GateOptions): GateRules {
  return {
    rates: [],
    spacingMs: 0,
    blockedMs: 20_000,
    blockedMaxMs: 60 * minute,
    learnedForMs: 10 * minute,
    scope: 'shared',
    whenStoreFails: 'closed',
    waitInPlaceMs: 2_000,
    ...given(options),
    pauseAfter: options.pauseAfter ?? null,
    breaker: options.breaker ? breakerRules(options.breaker) : null,
    slowAfterBlocked: options.slowAfterBlocked
      ? { ...slowDefaults, ...given(options.slowAfterBlocked) }
      : null,
  }
}

function breakerRules(options: BreakerOptions): BreakerRules {
  const rules = { ...breakerDefaults, ...given(options) }
  return { probeMs: Math.min(minute, rules.recoveryMs), ...rules }
}

/** What is `undefined` is not given. */
function given<Options extends object>(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options
}

function keyProblems({ key, scope, whenStoreFails }: GateRules): string[] {
  const good = typeof key === 'string' && key.length >= 1 && key.length <= longestKey
  return [
    ...(good ? [] : [`\`key\` must have from 1 to ${longestKey} characters`]),
    ...oneOf('scope', scope, ['shared', 'local']),
    ...oneOf('whenStoreFails', whenStoreFails, ['closed', 'open']),
  ]
}

function rateProblems({ rates, spacingMs, pauseAfter }: GateRules): string[] {
  const lengths = new Set(rates.map(rate => rate.perMs))
  const good = lengths.size === rates.length && rates.length <= 8
  return [
    ...rates.flatMap(({ limit }) => whole('rates.limit', limit, 1, mostCalls)),
    ...rates.flatMap(({ perMs }) => whole('rates.perMs', perMs, 1, longestWindowMs)),
    ...(good ? [] : ['`rates` must be up to 8, with different `perMs`']),
    ...whole('spacingMs', spacingMs, 0, day),
    ...(pauseAfter ? whole('pauseAfter.calls', pauseAfter.calls, 1, mostCalls) : []),
    ...(pauseAfter ? whole('pauseAfter.pauseMs', pauseAfter.pauseMs, 1, day) : []),
  ]
}

function waitProblems({ blockedMs, blockedMaxMs, learnedForMs, waitInPlaceMs }: GateRules): string[] {
  return [
    ...whole('blockedMaxMs', blockedMaxMs, 1, 7 * day),
    ...whole('blockedMs', blockedMs, 0, blockedMaxMs),
    ...whole('learnedForMs', learnedForMs, 0, day),
    ...whole('waitInPlaceMs', waitInPlaceMs, 0, longestWaitInPlaceMs),
  ]
}

function breakerProblems({ breaker }: GateRules): string[] {
  if (!breaker) return []
  return [
    ...whole('breaker.failureThreshold', breaker.failureThreshold, 1, mostCalls),
    ...whole('breaker.recoveryMs', breaker.recoveryMs, 1, day),
    ...whole('breaker.halfOpenMax', breaker.halfOpenMax, 1, 100),
    ...whole('breaker.probeMs', breaker.probeMs, 1, day),
  ]
}

function slowProblems({ slowAfterBlocked: slow, rates, spacingMs }: GateRules): string[] {
  if (!slow) return []
  const { factor, least, step, everyMs } = slow
  return [
    ...(rates.length > 0 || spacingMs > 0 ? [] : ['`slowAfterBlocked` needs `rates` or `spacingMs`']),
    ...(factor > 0 && factor < 1 ? [] : ['`slowAfterBlocked.factor` must be above 0 and below 1']),
    ...(least >= 0.01 && least < 1 ? [] : ['`slowAfterBlocked.least` must be from 0.01, and below 1']),
    ...(step > 0 && step <= 1 ? [] : ['`slowAfterBlocked.step` must be above 0, and at most 1']),
    ...whole('slowAfterBlocked.everyMs', everyMs, 1, day),
  ]
}

function oneOf(name: string, value: unknown, known: readonly string[]): string[] {
  const names = known.map(each => `'${each}'`).join(' or ')
  return known.includes(value as string) ? [] : [`\`${name}\` must be ${names}`]
}

function whole(name: string, value: unknown, least: number, most: number): string[] {
  const good = Number.isInteger(value) && (value as number) >= least && (value as number) <= most
  return good ? [] : [`\`${name}\` must be a whole number from ${least} to ${most}, not ${String(value)}`]
}
