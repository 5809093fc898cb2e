/** What the platform knows about one request. An adapter fills it in. */
export interface HandlerContext {
  /**
   * Keeps the function alive until a promise has settled: `waitUntil` of Vercel, `after` of Next. It throws where that is
   * not possible. Absent: nothing goes on after an answer.
   */
  readonly waitUntil?: ((promise: Promise<unknown>) => void) | undefined
  /** When the platform ends this invocation, whatever it does then: a Date, or epoch milliseconds. Absent: unknown. */
  readonly deadline?: Date | number | undefined
  /** Who calls, as the framework is sure of: an IP address. Failed tries are counted by it. Absent: all count as one. */
  readonly client?: string | undefined
  /** Where the routes are at this request, as a framework has mounted them. @defaultValue the handler's */
  readonly basePath?: string | undefined
  /** The request as the framework knows it, for `authorize` to look at. */
  readonly source?: unknown
}

/** Epoch milliseconds; `Infinity` while unknown. */
export function deadlineOf({ deadline }: HandlerContext): number {
  return deadline === undefined ? Number.POSITIVE_INFINITY : Number(deadline)
}
