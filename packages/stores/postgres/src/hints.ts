import type { Clock } from '@longhaul/core/store'

export interface Hints {
  /** Sends a hint now, or as soon as one may be sent again. Nobody waits for it, and it may fail. */
  send(): void
  /** Sends one a little later: for what a transaction of the caller holds back. */
  sendLater(): void
  /** Sends what is still to be sent, and no more after that. */
  stop(): Promise<void>
}

/**
 * Sends at most one hint in `everyMs`. NOTIFY takes a lock on the whole server when its transaction commits, so it
 * stays out of those that write jobs, and is rare.
 */
export function hintsBy(send: () => Promise<unknown>, everyMs: number, clock: Clock): Hints {
  const stopping = new AbortController()
  const pause = { background: true, unref: true, signal: stopping.signal }
  let wanted = false
  let sending: Promise<void> | undefined

  async function sendAll() {
    while (wanted) {
      wanted = false
      await send().catch(() => {})
      await clock.sleep(everyMs, pause)
    }
    sending = undefined
  }

  function hint() {
    if (stopping.signal.aborted) return
    wanted = true
    sending ??= sendAll()
  }

  return {
    send: hint,
    sendLater: () => void clock.sleep(everyMs, pause).then(hint),
    async stop() {
      stopping.abort()
      await sending
    },
  }
}
