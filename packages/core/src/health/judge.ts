import type { Thresholds } from './options.js'
import type { Health, HealthReason } from './types.js'

/** What a runner is judged by. */
export type Findings = Omit<Health, 'status' | 'because'>

/** Pure: everything that is beyond its threshold. */
export function reasonsIn(found: Findings, limits: Thresholds, now: number): readonly HealthReason[] {
  const { store, worker, queue, memory } = found
  const beyond: Record<HealthReason, boolean> = {
    store_unreachable: !store.reachable,
    claims_stalled: isStalled(worker, limits.stalledMs, now),
    store_slow: store.reachable && store.latencyMs > limits.slowStoreMs,
    jobs_late: (queue?.oldestDueMs ?? 0) > limits.lateJobsMs,
    event_loop_late: (worker.lateMs ?? 0) > limits.lateLoopMs,
    memory_high: (memory?.rssBytes ?? 0) > limits.memoryBytes,
  }
  return (Object.keys(beyond) as HealthReason[]).filter(reason => beyond[reason])
}

const fatal: readonly HealthReason[] = ['store_unreachable', 'claims_stalled']

export function statusOf(because: readonly HealthReason[]): Health['status'] {
  if (because.length === 0) return 'healthy'
  return because.some(reason => fatal.includes(reason)) ? 'unhealthy' : 'degraded'
}

/** A worker whose slots are full has no reason to claim. */
function isStalled({ running, lastClaimAt, slots }: Findings['worker'], mostMs: number, now: number) {
  if (!running || slots.free === 0 || lastClaimAt === null) return false
  return now - Date.parse(lastClaimAt) > mostMs
}
