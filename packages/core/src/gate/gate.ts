import { LonghaulError } from '../store/index.js'

/** A keyed limit on outbound calls. */
export interface Gate {
  readonly key: string
  /**
   * Resolves when one call may be made; callers are served in the order in which they came.
   *
   * @throws {Throttled} when that is longer away than a caller sits out in its slot.
   * @throws {StoreError} when a shared gate can't reach its store: no call is made that was not counted.
   * @throws the signal's reason, when it aborts.
   */
  pass(signal?: AbortSignal): Promise<void>
  /**
   * Tells the gate how a call ended. Never rejects: what can't be stored is learnt again from the next answer.
   */
  report(outcome: GateOutcome): Promise<void>
}

/**
 * How a call ended, as a gate sees it. `ok`: the other side is well, whatever it answered. `failed`: it is not.
 * `throttled`: it asked to come back later, if it said so, after `retryAfterMs`.
 */
export type GateOutcome =
  | { readonly kind: 'ok' | 'failed' }
  | { readonly kind: 'throttled'; readonly retryAfterMs: number | null }

/** A gate is closed for longer than is worth waiting in place. The job goes back without using an attempt. */
export class Throttled extends LonghaulError {
  override readonly name = 'Throttled'
  declare readonly code: 'throttled'
  readonly key: string
  /** A whole number, at least 1: the gate is worth asking again after it. */
  readonly waitMs: number

  constructor(key: string, waitMs: number, options?: ErrorOptions) {
    const seconds = Math.ceil(waitMs / 1_000)
    super(
      'throttled',
      `Gate "${key}" is closed for another ${seconds} s: the job waits, no attempt is used.`,
      options,
    )
    this.key = key
    this.waitMs = waitMs
  }
}
