import { setImmediate } from 'node:timers/promises'

/**
 * The only place where the core reads time or waits. Everything else is given a clock, so that tests move
 * time instead of spending it.
 */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Resolves after `ms`, or as soon as `signal` aborts: it never rejects. */
  sleep(ms: number, options?: SleepOptions): Promise<void>
}

/** What else may end a wait, and who minds it. */
export interface SleepOptions {
  readonly signal?: AbortSignal | undefined
  /** A heartbeat or a poll: no work waits for it, so a clock in a test does not run towards it. */
  readonly background?: boolean
  /** Does not keep the process alive. */
  readonly unref?: boolean
}

/** Node's timers overflow above this and would fire at once. */
const longestTimerMs = 2 ** 31 - 1

/** Time as this host has it. It waits for longer than a timer of Node can, too. */
export const systemClock: Clock = {
  now: () => Date.now(),

  async sleep(ms, options = {}) {
    const until = Date.now() + ms
    for (let left = ms; left > 0 && !options.signal?.aborted; left = until - Date.now()) {
      await timer(Math.min(left, longestTimerMs), options)
    }
  },
}

function timer(ms: number, { signal, unref }: SleepOptions) {
  return new Promise<void>(resolve => {
    const handle = setTimeout(done, ms)
    if (unref) handle.unref()
    signal?.addEventListener('abort', done, { once: true })
    function done() {
      clearTimeout(handle)
      signal?.removeEventListener('abort', done)
      resolve()
    }
  })
}

/** Lets everything run first that is ready to. */
export function nextTurn(): Promise<void> {
  return setImmediate()
}

/** A number from 0 up to, but not including, 1. Injected wherever chance decides, so that tests can repeat it. */
export type Random = () => number

/** `Math.random`. */
export const systemRandom: Random = () => Math.random()
