export interface Taken<Entry> {
  readonly entries: readonly Entry[]
  /** To be called when they are stored. */
  confirm(): void
}

/** Entries on their way into the store. They stay until a write that carried them is confirmed. */
export function createOutbox<Entry>() {
  let first = 0
  let entries: Entry[] = []
  return {
    push(more: readonly Entry[]): void {
      for (const entry of more) entries.push(entry)
    },
    take(): Taken<Entry> {
      const end = first + entries.length
      const confirm = () => {
        entries = entries.slice(Math.max(0, end - first))
        first = Math.max(first, end)
      }
      return { entries: [...entries], confirm }
    },
  }
}
