import type { Clock } from '@longhaul/core'

/** The system's clock where there is no Node. */
export const browserClock: Pick<Clock, 'sleep'> = {
  sleep: (ms, { signal } = {}) =>
    new Promise(resolve => {
      if (signal?.aborted) return resolve()
      const timer = setTimeout(done, ms)
      signal?.addEventListener('abort', done, { once: true })
      function done() {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
    }),
}
