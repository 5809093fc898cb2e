/** An abort signal that is made only when somebody looks at it: most jobs are over before anyone does. */
export interface StopSignal {
  readonly signal: AbortSignal
  readonly aborted: boolean
  /** Why; `undefined` until then. */
  readonly reason: unknown
  /** The first reason stands. */
  abort(reason: unknown): void
}

export function stopSignal(): StopSignal {
  let controller: AbortController | undefined
  let reason: unknown
  return {
    get signal() {
      controller ??= new AbortController()
      if (reason !== undefined) controller.abort(reason)
      return controller.signal
    },
    get aborted() {
      return reason !== undefined
    },
    get reason() {
      return reason
    },
    abort(why) {
      reason ??= why
      controller?.abort(reason)
    },
  }
}
