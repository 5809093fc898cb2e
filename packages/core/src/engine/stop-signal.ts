/** An abort signal that is made only when somebody looks at it: most jobs are over before anyone does. */
export class StopSignal {
  #controller: AbortController | undefined
  /** Why; `undefined` until then. */
  #reason: unknown

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.aborted) this.#controller.abort(this.#reason)
    return this.#controller.signal
  }

  get aborted(): boolean {
    return this.#reason !== undefined
  }

  get reason(): unknown {
    return this.#reason
  }

  /** The first reason stands. */
  abort(reason: unknown): void {
    this.#reason ??= reason
    this.#controller?.abort(this.#reason)
  }
}
