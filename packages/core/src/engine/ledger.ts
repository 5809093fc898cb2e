import type { DoneOnce } from '../processor/slice.js'

type Results = Map<string, string | null>

/** The effects that `once` ran, by the item that they belong to; those of the job as a whole belong to `null`. */
export class Ledger {
  readonly #items = new Map<string | null, Results>()
  #size = 0

  constructor(entries: readonly DoneOnce[] = []) {
    this.recall(entries)
  }

  /** What it takes up in the job's notes, in characters. */
  get size(): number {
    return this.#size
  }

  /** `undefined` for what was not done yet. */
  get(item: string | null, key: string): string | null | undefined {
    return this.#items.get(item)?.get(key)
  }

  /** The first result stands. */
  add(entry: DoneOnce): void {
    const [item, key, result] = entry
    const results: Results = this.#items.get(item) ?? new Map()
    if (results.has(key)) return
    this.#items.set(item, results.set(key, result))
    this.#size += sizeOf(entry)
  }

  recall(entries: readonly DoneOnce[]): void {
    for (const entry of entries) this.add(entry)
  }

  drop(item: string | null): void {
    for (const entry of this.of(item)) this.#size -= sizeOf(entry)
    this.#items.delete(item)
  }

  of(item: string | null): readonly DoneOnce[] {
    return Array.from(this.#items.get(item) ?? [], ([key, result]) => [item, key, result] as const)
  }

  all(): readonly DoneOnce[] {
    return [...this.#items.keys()].flatMap(item => this.of(item))
  }
}

function sizeOf(entry: DoneOnce): number {
  return JSON.stringify(entry).length + 1
}
