/**
 * Shares places by weight, and remembers what was too much or too little, so that over any stretch everyone gets what is due
 * to it but for less than a place for each of the others (smooth weighted round robin, as nginx has it).
 */
export function createTurns(weights: readonly number[]) {
  const credits = weights.map(() => 0)

  function next(among: readonly number[], total: number): number {
    let first = among[0] as number
    for (const index of among) {
      credits[index] = (credits[index] ?? 0) + (weights[index] ?? 0)
      if ((credits[index] ?? 0) > (credits[first] ?? 0)) first = index
    }
    credits[first] = (credits[first] ?? 0) - total
    return first
  }

  return {
    /** Whose each of so many places is. Those that are left out get none now, and are owed nothing later. */
    next(places: number, among: readonly number[]): number[] {
      const total = among.reduce((sum, index) => sum + (weights[index] ?? 0), 0)
      return Array.from({ length: places }, () => next(among, total))
    },
  }
}
