const remembered = 64
/** Asked before every item, so it is not worked out for every item. */
const refreshEvery = 16

/** How long something takes, from its last 64 times: enough to tell whether another fits in the time that is left. */
export function createPace() {
  const durations: number[] = []
  let recorded = 0
  let p95 = 0
  return {
    record(durationMs: number): void {
      durations[recorded++ % remembered] = Math.max(0, durationMs)
      if (recorded < remembered || recorded % refreshEvery === 0) p95 = percentile95(durations)
    },
    /** The 95th percentile; 0 before the first time. */
    p95Ms: () => p95,
  }
}

function percentile95(durations: readonly number[]): number {
  const sorted = [...durations].sort((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0
}

export type Pace = ReturnType<typeof createPace>
