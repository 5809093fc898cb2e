import pRetry from 'p-retry'
import type { Clock, Random } from '../clock.js'
import { type Backoff, backoffMs } from '../retry/backoff.js'
import { isLonghaulError } from '../store/index.js'
import { classifyAnswer, classifyError, type Failure } from './answer/classify.js'
import { isAnswer } from './answer/headers.js'
import { readRateLimits } from './answer/rate-limits.js'
import { type Gate, Throttled } from './gate.js'
import { localGate } from './local.js'
import type { GateOutcome } from './outcome.js'

/** How a call that failed for a passing reason is tried again, in its slot. */
export interface CallOptions<Result = unknown> {
  /** Tries after the first. 0 for a call that must not be made twice. @defaultValue 2 */
  readonly retries?: number
  /** The wait between two tries. @defaultValue exponential from 500 ms, at most 2 s, full jitter */
  readonly backoff?: Backoff
  /**
   * Where rate-limit headers are found in what `fn` returns: a `Headers`, a plain object of headers, or what has
   * such `headers`. One that throws finds none.
   *
   * @defaultValue those of a `Response`, or of anything else that has a status and `headers`
   */
  readonly limits?: (result: Result) => unknown
}

export interface CallDeps {
  /** Without one, calls are not limited, but a "too many requests" answer is still kept to. */
  readonly gate?: Gate | undefined
  readonly retry?: Omit<CallOptions, 'limits'> | undefined
  readonly clock: Clock
  readonly random: Random
  readonly signal: AbortSignal
}

/**
 * Makes one outbound call: passes the gate before every try, tries again what may go well next time, and tells
 * the gate how it ended. What `fn` returns is handed on as it is, also a `Response` with an error status: the gate
 * hears of it, and only what `fn` throws is tried again.
 *
 * @throws {Throttled} when the gate stays closed for longer than is worth waiting, its breaker opened, the store that
 * keeps it did not answer, or the other side still asks to come back later after the last try.
 * @throws what `fn` threw last, the very same; or the signal's reason.
 */
export type Call = <Result>(
  fn: (signal: AbortSignal) => Result | PromiseLike<Result>,
  options?: CallOptions<Result>,
) => Promise<Result>

const defaultBackoff: Backoff = { type: 'exponential', delayMs: 500, maxMs: 2_000 }
/** A server that always says "in 0 seconds" must not make a job spin, nor a store that is always busy. */
const leastGivenBackMs = 1_000

/** A {@link Call} outside a job: with retries in place, and a gate if it is given one. */
export function createCall({ gate: given, retry, clock, random, signal }: CallDeps): Call {
  const gate = given ?? localGate({ key: 'call', scope: 'local' }, { clock, random })

  async function attempt<Result>(fn: Try<Result>, limits: CallOptions<Result>['limits']): Promise<Result> {
    await gate.pass(signal).catch(error => {
      throw new FailedTry(isPassingTrouble(error) ? storeTrouble(gate.key, error, random) : error, notMade)
    })
    const result = await made(fn)
    await gate.report(outcomeOfAnswer(result, limits, clock.now()))
    return result
  }

  async function made<Result>(fn: Try<Result>): Promise<Result> {
    try {
      return await fn(signal)
    } catch (error) {
      const failure = signal.aborted ? notMade : classifyError(error, clock.now())
      const outcome = withLimits(outcomeOf(failure), error, clock.now())
      throw new FailedTry(error, failure, await gate.report(outcome))
    }
  }

  return async (fn, options) => {
    const { retries = 2, backoff = defaultBackoff } = { ...retry, ...options }
    try {
      return await pRetry(() => attempt(fn, options?.limits), {
        retries,
        ...noWait,
        async shouldRetry({ error, retriesConsumed }) {
          const kind = error instanceof FailedTry ? error.failure.kind : 'permanent'
          const waitMs = kind === 'transient' ? backoffMs(backoff, retriesConsumed + 1, error, random) : 0
          await clock.sleep(waitMs, { signal })
          return kind !== 'permanent'
        },
      })
    } catch (error) {
      throw error instanceof FailedTry ? final(error, gate.key) : error
    }
  }
}

type Try<Result> = (signal: AbortSignal) => Result | PromiseLike<Result>

/** p-retry counts the tries; the waits between them are the clock's. */
const noWait = { minTimeout: 0, factor: 1 }

/** Wraps what was thrown: p-retry would neither retry a `TypeError` nor keep a value that is no `Error`. */
class FailedTry extends Error {
  readonly thrown: unknown
  readonly failure: Failure
  /** For how long the gate is shut now. */
  readonly shutMs: number

  constructor(thrown: unknown, failure: Failure, shutMs = 0) {
    super()
    this.thrown = thrown
    this.failure = failure
    this.shutMs = shutMs
  }
}

/** A call whose gate is shut after its last try makes its job wait instead of fail. */
function final({ thrown, failure, shutMs }: FailedTry, key: string): unknown {
  if (failure.kind === 'throttled')
    return new Throttled(key, Math.max(shutMs, leastGivenBackMs), {
      because: 'too_many_requests',
      cause: thrown,
    })
  const waits = failure.kind === 'transient' && shutMs > 0
  return waits
    ? new Throttled(key, Math.max(shutMs, leastGivenBackMs), { because: 'breaker', cause: thrown })
    : thrown
}

const notMade: Failure = { kind: 'permanent', answered: false }

function isPassingTrouble(error: unknown): boolean {
  return isLonghaulError(error) && 'retryable' in error && error.retryable === true
}

function storeTrouble(key: string, cause: unknown, random: Random): Throttled {
  return new Throttled(key, Math.ceil(leastGivenBackMs * (1 + random())), { because: 'store', cause })
}

function outcomeOfAnswer<Result>(
  result: Result,
  limits: CallOptions<Result>['limits'],
  now: number,
): GateOutcome {
  const failure = classifyAnswer(result, now)
  return withLimits(failure ? outcomeOf(failure) : { kind: 'ok' }, headersIn(result, limits), now)
}

function headersIn<Result>(result: Result, limits: CallOptions<Result>['limits']): unknown {
  try {
    return limits ? limits(result) : isAnswer(result) ? result : undefined
  } catch {
    return undefined
  }
}

function withLimits(outcome: GateOutcome, headers: unknown, now: number): GateOutcome {
  const limits = readRateLimits(headers, now)
  return limits.length === 0 ? outcome : { ...outcome, limits }
}

/** What a failure says about the other side; nothing, if the call may never have reached it. */
function outcomeOf(failure: Failure): GateOutcome {
  if (failure.kind === 'throttled') return failure
  if (failure.kind === 'transient') return { kind: 'failed' }
  return { kind: failure.answered ? 'ok' : 'unknown' }
}
