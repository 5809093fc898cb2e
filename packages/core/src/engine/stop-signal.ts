import { setMaxListeners } from 'node:events'

/** An abort signal that is made only when somebody looks at it: most jobs are over before anyone does. */
export class StopSignal {
  #controller: AbortController | undefined
  #listener: (() => void) | undefined
  /** Why; `undefined` until then. */
  #reason: unknown

  get signal(): AbortSignal {
    this.#controller ??= this.#open()
    return this.#controller.signal
  }

  /** Every item in flight may wait on it, so Node need not warn of a leak. */
  #open(): AbortController {
    const controller = new AbortController()
    setMaxListeners(0, controller.signal)
    if (this.aborted) controller.abort(this.#reason)
    return controller
  }

  get aborted(): boolean {
    return this.#reason !== undefined
  }

  get reason(): unknown {
    return this.#reason
  }

  /** Calls back once, when it aborts. Costs less than a signal, and there is room for one. */
  onAbort(listener: () => void): void {
    this.#listener = listener
  }

  /** The first reason stands. */
  abort(reason: unknown): void {
    if (this.aborted) return
    this.#reason = reason
    this.#controller?.abort(reason)
    this.#listener?.()
  }
}
