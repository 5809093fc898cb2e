import pThrottle from 'p-throttle'

export interface ClientRate {
  readonly perSecond: number
  readonly pauseEvery?: { readonly calls: number; readonly pauseMs: number }
}

/** Slows `call` down to the rate, in this process alone. Under a runner, leave it to the gate. */
export function throttled<Args extends readonly unknown[], Result>(
  call: (...args: Args) => Promise<Result>,
  { perSecond, pauseEvery }: ClientRate,
): (...args: Args) => Promise<Result> {
  const steady = pThrottle({ limit: 1, interval: 1_000 / perSecond, strict: true })(call)
  if (!pauseEvery) return steady
  return pThrottle({ limit: pauseEvery.calls, interval: windowMs(perSecond, pauseEvery), strict: true })(
    steady,
  )
}

/** `calls` in a row and the pause after them, as one window. */
export function windowMs(
  perSecond: number,
  { calls, pauseMs }: NonNullable<ClientRate['pauseEvery']>,
): number {
  return Math.ceil(((calls - 1) * 1_000) / perSecond) + pauseMs
}
