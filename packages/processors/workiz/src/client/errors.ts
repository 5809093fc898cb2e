export type WorkizErrorCode =
  | 'invalid_payload'
  | 'credentials_missing'
  | 'credentials_invalid'
  | 'rate_limited'
  | 'upstream_unavailable'
  | 'upstream_bad_response'
  | 'timeout'
  | 'guard_tripped'

/** What an error spoils: one item, the whole run, or every run of the account until a person acts. */
export type WorkizErrorScope = 'item' | 'run' | 'tenant'

export interface WorkizErrorFacts {
  /** @defaultValue 'item' */
  readonly scope?: WorkizErrorScope
  /** Whether the same call may succeed later. @defaultValue false */
  readonly retryable?: boolean
  /** How long Workiz asked to wait, when it said so. */
  readonly retryAfterMs?: number | undefined
  /** What came from Workiz; where no proper answer came, what a gateway would say: 502, or 504 for a timeout. */
  readonly status?: number | undefined
  readonly cause?: Error | undefined
}

const brand = Symbol.for('longhaul.workiz.error')

/** A call to Workiz went wrong. No message, and no message of a cause, ever holds the API token. */
export class WorkizError extends Error {
  override readonly name: string = 'WorkizError'
  readonly code: WorkizErrorCode
  readonly scope: WorkizErrorScope
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
  readonly status: number | undefined
  readonly [brand] = true

  constructor(code: WorkizErrorCode, message: string, facts: WorkizErrorFacts = {}) {
    super(message, facts.cause && { cause: facts.cause })
    this.code = code
    this.scope = facts.scope ?? 'item'
    this.retryable = facts.retryable ?? false
    this.retryAfterMs = facts.retryAfterMs
    this.status = facts.status
  }
}

/** Also true for an error of another copy of this package. */
export function isWorkizError(error: unknown): error is WorkizError {
  return typeof error === 'object' && error !== null && brand in error
}

/** The listing goes in circles: nothing that follows from it may be believed. */
export class PaginationLoopError extends WorkizError {
  override readonly name = 'PaginationLoopError'

  constructor(page: number) {
    super('upstream_bad_response', `Workiz gave page ${page} of the job list twice. The run stops here.`, {
      scope: 'run',
    })
  }
}
