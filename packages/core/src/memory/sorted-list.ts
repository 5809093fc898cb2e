/** Members in the order of `compare`, which must call two of them equal only if they are one and the same. */
export class SortedList<Member> {
  readonly #compare: (a: Member, b: Member) => number
  readonly #members: Member[] = []

  constructor(compare: (a: Member, b: Member) => number) {
    this.#compare = compare
  }

  get members(): readonly Member[] {
    return this.#members
  }

  add(member: Member): void {
    this.#members.splice(this.#placeOf(member), 0, member)
  }

  remove(member: Member): void {
    const place = this.#placeOf(member)
    if (this.#members[place] === member) this.#members.splice(place, 1)
  }

  /** How many stand before `member`, whether it is there or not. */
  #placeOf(member: Member): number {
    let from = 0
    let to = this.#members.length
    while (from < to) {
      const middle = (from + to) >>> 1
      if (this.#compare(this.#members[middle] as Member, member) < 0) from = middle + 1
      else to = middle
    }
    return from
  }
}
