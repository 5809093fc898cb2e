import { type FieldItem, fieldItems } from './fields.js'
import { type HeaderReader, headersOf } from './headers.js'
import { parseReset } from './reset.js'
import { parseHttpDate } from './retry-after.js'

/** What an answer told of one limit. Members are `null` where it said nothing. */
export interface RateLimit {
  /** Calls in a window. */
  readonly limit: number | null
  /** Calls that are left in the window that is under way. */
  readonly remaining: number | null
  /** Milliseconds from now until there is something left again. */
  readonly resetMs: number | null
  /** The length of the window, in milliseconds. */
  readonly windowMs: number | null
}

/**
 * Reads the rate-limit headers of an answer: `RateLimit` and `RateLimit-Policy` (the IETF draft, 7 and later), and
 * `RateLimit-`, `X-RateLimit-` and `X-Rate-Limit-` `Limit`, `Remaining` and `Reset`. A reset that is an instant is
 * held against the answer's own `Date`, so that a server whose clock is wrong does no harm. Never throws.
 *
 * @param source A `Headers`, a plain object of headers, or what has `headers` or a `response` with them: a
 * `Response`, an error.
 * @param now Epoch milliseconds.
 * @returns One for each limit that was told of; none is an empty list.
 */
export function readRateLimits(source: unknown, now: number): RateLimit[] {
  try {
    const header = headersOf(source)
    return header ? limitsIn(header, now) : []
  } catch {
    return []
  }
}

/** How long until there is something left again, of what is used up; `null` when something is left of everything. */
export function exhaustedForMs(limits: readonly RateLimit[]): number | null {
  const waits = limits
    .filter(({ remaining }) => remaining !== null && remaining <= 0)
    .map(({ resetMs, windowMs }) => resetMs ?? windowMs)
    .filter((ms): ms is number => ms !== null && !Number.isNaN(ms))
  return waits.length === 0 ? null : Math.max(...waits)
}

const prefixes = ['ratelimit-', 'x-ratelimit-', 'x-rate-limit-']

function limitsIn(header: HeaderReader, now: number): RateLimit[] {
  const policies = [...fieldItems(header('ratelimit-policy')), ...fieldItems(header('ratelimit-limit'))]
    .filter(({ parameters }) => parameters.has('w'))
    .filter(countsCalls)
  const states = statesIn(header('ratelimit')).filter(countsCalls)
  const serverNow = parseHttpDate(header('date') ?? '', now) ?? now
  const threes = prefixes.flatMap(prefix => threeHeaders(header, prefix, policies, serverNow))
  return [...withPolicies(states, policies), ...threes].filter(saysSomething)
}

function saysSomething({ limit, remaining }: RateLimit): boolean {
  return limit !== null || remaining !== null
}

/** Draft 7 has one dictionary, later ones a list of items. */
function statesIn(value: string | undefined): FieldItem[] {
  const items = fieldItems(value)
  if (items.length === 0 || items.some(({ names }) => names.length > 0)) return items
  return [{ names: [], parameters: new Map(items.flatMap(item => [...item.parameters])) }]
}

/** A policy tells its limit also where nobody tells what is left of it. */
function withPolicies(states: readonly FieldItem[], policies: readonly FieldItem[]): RateLimit[] {
  const policyOf = (state: FieldItem) =>
    policies.find(policy => belongs(state, policy, policies.length === 1))
  const told = states.map(state => toLimit(policyOf(state), state))
  const untold = policies.filter(policy => !states.some(state => policyOf(state) === policy))
  return [...told, ...untold.map(policy => toLimit(policy, undefined))]
}

/** A state names its policy; where there is one policy only, it need not. */
function belongs({ names }: FieldItem, policy: FieldItem, only: boolean): boolean {
  return names.length === 0 ? only : names.some(name => policy.names.includes(name))
}

/** Other units, such as `content-bytes`, are no matter of calls. */
function countsCalls({ parameters }: FieldItem): boolean {
  return (parameters.get('qu') ?? 'requests') === 'requests'
}

/** `q`, `w`, `r` and `t` since draft 8; before, a policy was `100;w=60` and a state `limit=100, remaining=5, reset=9`. */
function toLimit(policy: FieldItem | undefined, state: FieldItem | undefined): RateLimit {
  const { names: [bare] = [], parameters: given } = policy ?? {}
  const { parameters: left } = state ?? {}
  return {
    limit: count(given?.get('q') ?? bare ?? left?.get('limit')),
    remaining: count(left?.get('r') ?? left?.get('remaining')),
    resetMs: seconds(left?.get('t') ?? left?.get('reset')),
    windowMs: seconds(given?.get('w')),
  }
}

/** `…-Limit`, `…-Remaining` and `…-Reset`: each one value, or a list with one for each of several windows. */
function threeHeaders(
  header: HeaderReader,
  prefix: string,
  policies: readonly FieldItem[],
  serverNow: number,
): RateLimit[] {
  const [limits, left, resets] = ['limit', 'remaining', 'reset'].map(name => valuesOf(header(prefix + name)))
  const together = parseReset(header(`${prefix}reset`), serverNow)
  return (left ?? []).map((remaining, index) => {
    const limit = count(at(limits, index))
    const resetMs = together ?? parseReset(at(resets, index), serverNow)
    return { limit, remaining: count(remaining), resetMs, windowMs: windowOf(limit, policies) }
  })
}

/** Three headers name no window; a policy with the same limit does. */
function windowOf(limit: number | null, policies: readonly FieldItem[]): number | null {
  const known = policies.map(policy => toLimit(policy, undefined))
  return known.find(policy => policy.limit === limit)?.windowMs ?? null
}

function valuesOf(value: string | undefined): string[] {
  return fieldItems(value).flatMap(({ names }) => names.slice(0, 1))
}

function at<Value>(values: readonly Value[] | undefined, index: number): Value | undefined {
  return values?.[index] ?? values?.[0]
}

function seconds(text: string | undefined): number | null {
  const value = count(text)
  return value === null ? null : value * 1_000
}

/** A whole number that is told in digits alone. */
function count(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null
}
