const brand = Symbol.for('longhaul.error')

/**
 * The base of every error that longhaul throws. Recognise one by its `code`, or with {@link isLonghaulError}:
 * two copies of a package (ESM and CJS) have two classes, so `instanceof` alone may miss it.
 */
export class LonghaulError extends Error {
  override readonly name: string = 'LonghaulError'
  /** Stable: part of the public interface. */
  readonly code: string
  readonly [brand] = true

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Whether longhaul threw it: also true for an error of another copy of the package, as ESM beside CJS. */
export function isLonghaulError(error: unknown): error is LonghaulError {
  return typeof error === 'object' && error !== null && brand in error
}

/** An option is out of range or contradicts another. Thrown where the option is given, before anything starts. */
export class OptionsError extends LonghaulError {
  override readonly name = 'OptionsError'
  readonly option: string

  constructor(option: string, message: string) {
    super('invalid_options', `${option}: ${message}`)
    this.option = option
  }
}

/** Of these, `store_unavailable` and `store_busy` pass; the others need somebody to act. */
export type StoreErrorCode =
  | 'store_unavailable'
  | 'store_busy'
  | 'store_closed'
  | 'schema_too_new'
  | 'not_a_store'
  | 'driver_unsupported'
  | 'invalid_transaction'
  | 'unknown_job'
  | 'write_refused'
  | 'store_failed'

/** The store could not do what was asked. Unless `retryable`, the same call will fail again. */
export class StoreError extends LonghaulError {
  override readonly name = 'StoreError'
  declare readonly code: StoreErrorCode
  readonly store: string
  readonly retryable: boolean

  constructor(
    code: StoreErrorCode,
    store: string,
    message: string,
    options: { retryable?: boolean; cause?: unknown } = {},
  ) {
    super(code, message, options)
    this.store = store
    this.retryable = options.retryable ?? false
  }
}

/** What every store throws for a job that would wait for one that is not there. */
export function unknownJob(store: string, id: string, awaited: string): StoreError {
  const message = `Job "${id}" can't wait for job "${awaited}": it is not stored, and does not stand before it in the same call. Nothing was stored; enqueue the awaited job first.`
  return new StoreError('unknown_job', store, message)
}
