/** Lets one loop sleep until something happens. What happened before it slept counts as well. */
export function createLatch() {
  let open = false
  let wake: (() => void) | undefined
  return {
    open(): void {
      open = true
      wake?.()
    },
    /** Resolves once `open` is called, or when the sleep is over, and closes the latch. */
    async wait(sleep: (signal: AbortSignal) => Promise<void>): Promise<void> {
      const over = new AbortController()
      const opened = new Promise<void>(resolve => {
        wake = resolve
      })
      if (!open) await Promise.race([opened, sleep(over.signal)])
      over.abort()
      open = false
      wake = undefined
    },
  }
}
