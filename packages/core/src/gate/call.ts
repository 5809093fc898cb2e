import pRetry from 'p-retry'
import type { Clock, Random } from '../clock.js'
import { type Backoff, backoffMs } from '../retry/backoff.js'
import { classifyError, type Failure } from './classify.js'
import { type Gate, type GateOutcome, Throttled } from './gate.js'
import { localGate } from './local.js'

/** How a call that failed for a passing reason is tried again, in its slot. */
export interface CallOptions {
  /** Tries after the first. 0 for a call that must not be made twice. @defaultValue 2 */
  readonly retries?: number
  /** The wait between two tries. @defaultValue exponential from 500 ms, at most 2 s, full jitter */
  readonly backoff?: Backoff
}

export interface CallDeps {
  /** Without one, calls are not limited, but a "too many requests" answer is still kept to. */
  readonly gate?: Gate | undefined
  readonly retry?: CallOptions | undefined
  readonly clock: Clock
  readonly random: Random
  readonly signal: AbortSignal
}

/**
 * Makes one outbound call: passes the gate before every try, tries again what may go well next time, and tells
 * the gate how it ended.
 *
 * @throws {Throttled} when the gate stays closed for longer than is worth waiting, or the other side still asks to
 * come back later after the last try.
 * @throws what `fn` threw last, the very same; or the signal's reason.
 */
export type Call = <Result>(
  fn: (signal: AbortSignal) => Result | PromiseLike<Result>,
  options?: CallOptions,
) => Promise<Result>

const defaultBackoff: Backoff = { type: 'exponential', delayMs: 500, maxMs: 2_000 }
/** A server that always says "in 0 seconds" must not make a job spin. */
const leastGivenBackMs = 1_000

export function createCall({ gate: given, retry, clock, random, signal }: CallDeps): Call {
  const gate = given ?? localGate({ key: 'call', scope: 'local' }, { clock, random })

  async function attempt<Result>(fn: (signal: AbortSignal) => Result | PromiseLike<Result>): Promise<Result> {
    const result = await passed(fn).catch(async (error: unknown) => {
      throw new FailedTry(error, await judged(error))
    })
    await gate.report({ kind: 'ok' })
    return result
  }

  async function passed<Result>(fn: (signal: AbortSignal) => Result | PromiseLike<Result>): Promise<Result> {
    await gate.pass(signal)
    return fn(signal)
  }

  async function judged(error: unknown): Promise<Failure> {
    if (signal.aborted) return { kind: 'permanent', answered: false }
    const failure = classifyError(error, clock.now())
    const outcome = outcomeOf(failure)
    if (outcome) await gate.report(outcome)
    return failure
  }

  return async (fn, options) => {
    const { retries = 2, backoff = defaultBackoff } = { ...retry, ...options }
    try {
      return await pRetry(() => attempt(fn), {
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
      throw error instanceof FailedTry ? await final(error) : error
    }
  }

  /** A call that is still told to come back later makes its job wait; the gate knows for how long. */
  async function final({ thrown, failure }: FailedTry): Promise<unknown> {
    if (failure.kind !== 'throttled') return thrown
    await gate.pass(signal)
    return new Throttled(gate.key, leastGivenBackMs, { cause: thrown })
  }
}

/** p-retry counts the tries; the waits between them are the clock's. */
const noWait = { minTimeout: 0, factor: 1 }

/** Wraps what was thrown: p-retry would neither retry a `TypeError` nor keep a value that is no `Error`. */
class FailedTry extends Error {
  readonly thrown: unknown
  readonly failure: Failure

  constructor(thrown: unknown, failure: Failure) {
    super()
    this.thrown = thrown
    this.failure = failure
  }
}

/** What a failure says about the other side; nothing, if the call may never have reached it. */
function outcomeOf(failure: Failure): GateOutcome | undefined {
  if (failure.kind === 'throttled') return failure
  if (failure.kind === 'transient') return { kind: 'failed' }
  return failure.answered ? { kind: 'ok' } : undefined
}
