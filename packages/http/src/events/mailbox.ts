/** Room for one text between who tells and who fetches: a newer one takes the place of one that was not fetched. */
export interface Mailbox {
  put(text: string): void
  /** What is held can still be fetched. */
  end(): void
  isEmpty(): boolean
  /** Waits for the next one; `undefined` at the end. */
  take(): Promise<string | undefined>
}

export function createMailbox(): Mailbox {
  let held: string | undefined
  let ended = false
  let wake = () => {}

  return {
    put(text) {
      held = text
      wake()
    },
    end() {
      ended = true
      wake()
    },
    isEmpty: () => held === undefined,

    async take() {
      while (held === undefined && !ended) {
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
      const text = held
      held = undefined
      return text
    },
  }
}
