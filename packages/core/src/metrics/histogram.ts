import type { Labels, Sample } from './exposition.js'

interface Spread {
  /** How many fell into each bucket, those of smaller ones left out; the last has no bound. */
  readonly counts: number[]
  sum: number
}

/** How values spread over buckets, for each value of one label. */
export class Histogram {
  readonly #label: string
  readonly #bounds: readonly number[]
  readonly #spreads = new Map<string, Spread>()

  /** @param bounds Upper ones, included; they grow. */
  constructor(label: string, bounds: readonly number[]) {
    this.#label = label
    this.#bounds = bounds
  }

  record(value: number, of: string): void {
    const spread = this.#of(of)
    const bucket = this.#bounds.findIndex(bound => value <= bound)
    const index = bucket === -1 ? this.#bounds.length : bucket
    spread.counts[index] = (spread.counts[index] ?? 0) + 1
    spread.sum += value
  }

  samples(): readonly Sample[] {
    return [...this.#spreads].flatMap(([of, spread]) => this.#samplesOf({ [this.#label]: of }, spread))
  }

  #of(name: string): Spread {
    const spread = this.#spreads.get(name) ?? { counts: [...this.#bounds, 0].fill(0), sum: 0 }
    this.#spreads.set(name, spread)
    return spread
  }

  #samplesOf(labels: Labels, { counts, sum }: Spread): readonly Sample[] {
    let total = 0
    const buckets = counts.map((count, index) => {
      total += count
      return { suffix: '_bucket', labels: { ...labels, le: boundText(this.#bounds[index]) }, value: total }
    })
    return [...buckets, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: total }]
  }
}

function boundText(bound: number | undefined): string {
  return bound === undefined ? '+Inf' : String(bound)
}
