/** Small enough to be shifted at once, large enough that there are few. */
const chunkSize = 256

/**
 * Members in the order of `compare`, which must call two of them equal only if they are one and the same. They are
 * kept in chunks, so that one can come or go without moving all that are behind it.
 */
export class SortedList<Member> {
  readonly #compare: (a: Member, b: Member) => number
  /** In order; none is empty. */
  readonly #chunks: Member[][] = []

  constructor(compare: (a: Member, b: Member) => number) {
    this.#compare = compare
  }

  *[Symbol.iterator](): Generator<Member> {
    for (const chunk of this.#chunks) yield* chunk
  }

  get isEmpty(): boolean {
    return this.#chunks.length === 0
  }

  add(member: Member): void {
    const place = Math.min(this.#chunkFor(member), this.#chunks.length - 1)
    const chunk = this.#chunks[place]
    if (!chunk) return void this.#chunks.push([member])
    chunk.splice(this.#placeIn(chunk, member), 0, member)
    if (chunk.length > chunkSize) this.#chunks.splice(place + 1, 0, chunk.splice(chunkSize / 2))
  }

  remove(member: Member): void {
    const place = this.#chunkFor(member)
    const chunk = this.#chunks[place] ?? []
    const placeInChunk = this.#placeIn(chunk, member)
    if (chunk[placeInChunk] !== member) return
    chunk.splice(placeInChunk, 1)
    if (chunk.length === 0) this.#chunks.splice(place, 1)
  }

  /** The first chunk that does not end before `member`, whether it holds it or not. */
  #chunkFor(member: Member): number {
    return countOf(this.#chunks, chunk => this.#compare(chunk[chunk.length - 1] as Member, member) < 0)
  }

  #placeIn(chunk: readonly Member[], member: Member): number {
    return countOf(chunk, other => this.#compare(other, member) < 0)
  }
}

/** How many of these pass, where those that do stand in front of all others. */
function countOf<Item>(items: readonly Item[], passes: (item: Item) => boolean): number {
  let from = 0
  let to = items.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if (passes(items[middle] as Item)) from = middle + 1
    else to = middle
  }
  return from
}
