const remembered = 64

/** How long something takes, from its last 64 times: enough to tell whether another fits in the time that is left. */
export function createPace() {
  const durations: number[] = []
  let next = 0
  return {
    record(durationMs: number): void {
      durations[next] = Math.max(0, durationMs)
      next = (next + 1) % remembered
    },
    /** The 95th percentile; 0 before the first time. */
    p95Ms(): number {
      const sorted = [...durations].sort((a, b) => a - b)
      return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0
    },
  }
}

export type Pace = ReturnType<typeof createPace>
