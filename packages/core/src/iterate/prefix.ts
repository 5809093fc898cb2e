/**
 * Tells how many of the first steps are finished, whatever order they finish in. Only that far may a cursor be
 * saved: a step behind a gap would be skipped if the work stopped now.
 */
export function finishedPrefix() {
  const finished = new Set<number>()
  let length = 0
  return {
    length: () => length,
    /** Answers the steps that became part of the prefix, in their order. */
    finish(step: number): number[] {
      finished.add(step)
      const joined: number[] = []
      for (; finished.delete(length); length++) joined.push(length)
      return joined
    },
  }
}
