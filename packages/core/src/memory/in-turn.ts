/** One after the other. */
export function* chained<Member>(lists: readonly Iterable<Member>[]): Generator<Member> {
  for (const list of lists) yield* list
}

/** As one list in the order of `compare`, which each of them is in; for a few lists. */
export function* merged<Member>(
  lists: readonly Iterable<Member>[],
  compare: (a: Member, b: Member) => number,
): Generator<Member> {
  const heads = lists.flatMap(list => headOf(list[Symbol.iterator]()))
  while (heads.length > 0) {
    const first = heads.reduce((one, other) => (compare(other.member, one.member) < 0 ? other : one))
    yield first.member
    heads.splice(heads.indexOf(first), 1, ...headOf(first.behind))
  }
}

function headOf<Member>(list: Iterator<Member>) {
  const { done, value } = list.next()
  return done ? [] : [{ member: value, behind: list }]
}
