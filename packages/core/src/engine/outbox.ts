export interface Taken<Entry> {
  readonly entries: readonly Entry[]
  /** To be called when they are stored. */
  confirm(): void
}

/** Entries on their way into the store. They stay until a write that carried them is confirmed. */
export class Outbox<Entry> {
  #first = 0
  #entries: Entry[] = []

  push(more: readonly Entry[]): void {
    for (const entry of more) this.#entries.push(entry)
  }

  take(): Taken<Entry> {
    const end = this.#first + this.#entries.length
    return { entries: [...this.#entries], confirm: () => this.#confirm(end) }
  }

  #confirm(end: number): void {
    this.#entries = this.#entries.slice(Math.max(0, end - this.#first))
    this.#first = Math.max(this.#first, end)
  }
}
