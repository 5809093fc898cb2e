import { LonghaulError } from '../store/index.js'
import type { GateOutcome } from './outcome.js'
import type { ClosedBecause } from './rules/closings.js'

/** A keyed limit on outbound calls. */
export interface Gate {
  readonly key: string
  /**
   * Resolves when one call may be made; callers are served in the order in which they came.
   *
   * @throws {Throttled} when that is longer away than a caller sits out in its slot.
   * @throws {StoreError} when a shared gate can't reach its store: no call is made that was not counted. Not with
   * `whenStoreFails: 'open'`.
   * @throws the signal's reason, when it aborts.
   */
  pass(signal?: AbortSignal): Promise<void>
  /**
   * Tells the gate how a call ended. Never rejects: what can't be stored is learnt again from the next answer.
   *
   * @returns For how many milliseconds the gate is shut after it, by an answer, its breaker or a person; 0 when it is
   * not. With jitter, so that jobs which come back after it do not come together.
   */
  report(outcome: GateOutcome): Promise<number>
}

/** A gate is closed for longer than is worth waiting in place. The job goes back without using an attempt. */
export class Throttled extends LonghaulError {
  override readonly name = 'Throttled'
  declare readonly code: 'throttled'
  readonly key: string
  /** A whole number, at least 1: the gate is worth asking again after it. */
  readonly waitMs: number
  readonly because: ThrottledBecause

  constructor(
    key: string,
    waitMs: number,
    { because = 'window', cause }: { because?: ThrottledBecause; cause?: unknown } = {},
  ) {
    super('throttled', `${sentence(key, waitMs, because)} The job waits, no attempt is used.`, { cause })
    this.key = key
    this.waitMs = waitMs
    this.because = because
  }
}

/** `store`: the gate could not be asked. */
export type ThrottledBecause = ClosedBecause | 'store'

function sentence(key: string, waitMs: number, because: ThrottledBecause): string {
  if (because === 'paused') return `Gate "${key}" is paused.`
  if (because === 'store') return `The store that keeps gate "${key}" did not answer.`
  return `Gate "${key}" is closed for another ${Math.ceil(waitMs / 1_000)} s: ${reasons[because]}.`
}

const reasons: Record<Exclude<ThrottledBecause, 'paused' | 'store'>, string> = {
  too_many_requests: 'the other side said "too many requests"',
  no_quota_left: 'its quota is used up',
  breaker: 'the other side is down',
  pause_after: 'it rests after so many calls',
  window: 'a window is full',
  spacing: 'the last call was just made',
}
