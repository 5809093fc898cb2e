import type { Clock } from '@longhaul/core/store'

export interface Hints {
  /** Sends a hint now, or as soon as one may be sent again. Nobody waits for it, and it may fail. */
  send(): void
  /** Sends one a little later, and then every second for a minute: for what a transaction of the caller holds back. */
  sendLater(): void
  /** Sends what is still to be sent, and no more after that. */
  stop(): Promise<void>
}

/** Nobody tells when a transaction of the caller ends. */
const repeatMs = 1_000
const longestTransactionMs = 60_000

/**
 * Sends at most one hint in `everyMs`. NOTIFY takes a lock on the whole server when its transaction commits, so it
 * stays out of those that write jobs, and is rare.
 */
export function hintsBy(
  send: () => Promise<unknown>,
  wakeOwn: () => void,
  everyMs: number,
  clock: Clock,
): Hints {
  const stopping = new AbortController()
  const pause = { background: true, unref: true, signal: stopping.signal }
  let wanted = false
  let sending: Promise<void> | undefined
  let repeating: Promise<void> | undefined
  let repeatUntil = 0

  async function sendAll() {
    while (wanted) {
      wanted = false
      await send().catch(() => {})
      await clock.sleep(everyMs, pause)
    }
    sending = undefined
  }

  function hintToAll() {
    wakeOwn()
    hint()
  }

  async function repeat() {
    for (; clock.now() < repeatUntil && !stopping.signal.aborted; hintToAll())
      await clock.sleep(repeatMs, pause)
    repeating = undefined
  }

  function hint() {
    if (stopping.signal.aborted) return
    wanted = true
    sending ??= sendAll()
  }

  return {
    send: hint,
    sendLater() {
      repeatUntil = clock.now() + longestTransactionMs
      repeating ??= repeat()
      void clock.sleep(everyMs, pause).then(hintToAll)
    },
    async stop() {
      stopping.abort()
      await Promise.all([sending, repeating])
    },
  }
}
