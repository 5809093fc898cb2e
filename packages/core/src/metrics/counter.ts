import type { Labels, Sample } from './exposition.js'

/** One number for each set of label values. The values come in the order of the names. */
export class Counter<const Names extends readonly string[]> {
  readonly #names: Names
  readonly #counts = new Map<string, { labels: Labels; value: number }>()

  constructor(...names: Names) {
    this.#names = names
  }

  add(by: number, ...values: { [Index in keyof Names]: string }): void {
    if (by <= 0) return
    const key = keyOf(values)
    const count = this.#counts.get(key)
    if (count) count.value += by
    else this.#counts.set(key, { labels: labelsOf(this.#names, values), value: by })
  }

  samples(): readonly Sample[] {
    return [...this.#counts.values()].map(({ labels, value }) => ({ labels, value }))
  }
}

/** Made for each attempt, so it is quick; the lengths keep apart what would look alike. */
function keyOf(values: readonly string[]): string {
  let key = ''
  for (const value of values) key += `${value.length}:${value}`
  return key
}

function labelsOf(names: readonly string[], values: readonly string[]): Labels {
  return Object.fromEntries(names.map((name, index) => [name, values[index] as string]))
}
