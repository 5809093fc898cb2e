/**
 * A keyed limit on outbound calls. Everything given holds at once; a gate without any limit still remembers
 * what answers asked for.
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
  /**
   * Goes slower after "too many requests", and comes back step by step. Needs `rates` or `spacingMs`. Off unless
   * asked for: what is configured is what the other side allows, and `Retry-After` says the rest. Turn it on, with
   * `{}`, where the limit is a guess or is shared with others.
   *
   * @defaultValue off
   */
  readonly slowAfterBlocked?: SlowAfterBlocked
  /**
   * For how long the gate keeps to a limit that the headers of an answer told of, if it is lower than configured, up
   * to a day; each answer that tells of it again renews it. Nothing is read from headers with 0.
   *
   * @defaultValue 600_000
   */
  readonly learnedForMs?: number
  /**
   * `shared`: over all workers, through the store. `local`: each process has the whole limit to itself, and no
   * call costs a round trip. @defaultValue 'shared'
   */
  readonly scope?: 'shared' | 'local'
  /**
   * What a shared gate does when it can't reach its store. `closed`: no call is made that was not counted, and jobs
   * wait. `open`: each process goes by its own count until the store is back. @defaultValue 'closed'
   */
  readonly whenStoreFails?: 'closed' | 'open'
  /**
   * The longest wait that a caller sits out in its slot, up to a minute; for a longer one the job goes back and
   * is due when the gate opens. @defaultValue 2_000
   */
  readonly waitInPlaceMs?: number
}

/** How many calls in how long. */
export interface Rate {
  /** From 1 to 1_000_000. Above 64 the window is counted in steps of a 64th of its length, never too generously. */
  readonly limit: number
  /** From 1 ms to 31 days. */
  readonly perMs: number
}

/** A rest after so many calls in a row. */
export interface PauseAfter {
  /** From 1 to 1_000_000. */
  readonly calls: number
  /** From 1 ms to a day. */
  readonly pauseMs: number
}

/** When calls are held back because the other side fails, and when they are tried again. */
export interface BreakerOptions {
  /** Failures in a row that open it. @defaultValue 5 */
  readonly failureThreshold?: number
  /** How long it stays open before it lets a call try, up to a day. @defaultValue 300_000 */
  readonly recoveryMs?: number
  /** How many calls may try at once then, over all workers, up to 100. The first answer decides. @defaultValue 1 */
  readonly halfOpenMax?: number
  /**
   * How long a call that tries may take, up to a day. After it the caller is taken for dead, and another may try: more
   * than your calls take at most. @defaultValue 60_000, or `recoveryMs` if that is less
   */
  readonly probeMs?: number
}

/** Multiplicative decrease, additive increase. */
export interface SlowAfterBlocked {
  /** What is left of the rate after each "too many requests": above 0, below 1. @defaultValue 0.5 */
  readonly factor?: number
  /** The share of the configured rate that is always left, from 0.01, below 1. @defaultValue 0.1 */
  readonly least?: number
  /** The share of the configured rate that comes back at a time: above 0, at most 1. @defaultValue 0.1 */
  readonly step?: number
  /** How often a step comes back, counted from when the gate opens again, up to a day. @defaultValue 60_000 */
  readonly everyMs?: number
}

export type BreakerRules = Required<BreakerOptions>
export type SlowRules = Required<SlowAfterBlocked>

/** {@link GateOptions}, checked and complete. */
export interface GateRules
  extends Required<Omit<GateOptions, 'pauseAfter' | 'breaker' | 'slowAfterBlocked'>> {
  readonly pauseAfter: PauseAfter | null
  readonly breaker: BreakerRules | null
  readonly slowAfterBlocked: SlowRules | null
}

/** In characters, of the key of a gate. */
export const longestKey = 200

const minute = 60_000
const day = 1_440 * minute
export const longestWaitInPlaceMs = minute
export const longestWindowMs = 31 * day
export const mostCalls = 1_000_000
