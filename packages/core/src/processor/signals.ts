import { checkMs, nearestMs } from '../durations.js'
import { OptionsError } from '../errors.js'
import { LonghaulError } from '../store/index.js'

/** Throw it to end the job as `failed` at once: another attempt would end the same way. */
export class Fatal extends LonghaulError {
  override readonly name: string = 'Fatal'

  constructor(message: string, options?: ErrorOptions) {
    super('fatal', message, options)
  }
}

/**
 * Throw it when the far side asked to wait: the job goes back and is due after `retryAfterMs`. It counts as a
 * throttle; no attempt is used. What is above a hundred years counts as that.
 */
export class RetryAfter extends LonghaulError {
  override readonly name = 'RetryAfter'
  readonly retryAfterMs: number

  /** @throws {OptionsError} unless `retryAfterMs` is a finite number of at least 0. */
  constructor(
    retryAfterMs: number,
    message = `Asked to come back in ${retryAfterMs} ms`,
    options?: ErrorOptions,
  ) {
    super('retry_after', message, options)
    this.retryAfterMs = asked('retryAfterMs', retryAfterMs)
  }
}

/** Throw it to go on later, from the last checkpoint, when that is no failure: no attempt is used. */
export class Snooze extends LonghaulError {
  override readonly name = 'Snooze'
  readonly snoozeMs: number

  /** @throws {OptionsError} unless `snoozeMs` is from 0 to 3,153,600,000,000, a hundred years. */
  constructor(snoozeMs: number) {
    super('snooze', `Going on in ${snoozeMs} ms`)
    checkMs('snoozeMs', snoozeMs)
    this.snoozeMs = Math.ceil(snoozeMs)
  }
}

/** Throw it in `each` to record an item as skipped, with the reason, and go on with the next one. */
export class Skip extends LonghaulError {
  override readonly name = 'Skip'

  constructor(reason: string) {
    super('skip', reason)
  }
}

/** Throw it when `shouldYield()` says that time is up: the job goes back and is due at once, from its last checkpoint. */
export class HandOver extends LonghaulError {
  override readonly name = 'HandOver'

  constructor() {
    super('hand_over', 'Out of time; the next slice goes on from the last checkpoint')
  }
}

/** What the far side says may be absurd, and is no mistake of the handler. */
function asked(option: string, ms: number): number {
  if (Number.isFinite(ms) && ms >= 0) return Math.ceil(nearestMs(ms))
  throw new OptionsError(option, `must be a finite number of milliseconds of at least 0, not ${ms}`)
}
