import type { SlotUse } from '../engine/worker.js'
import type { Backlog } from '../health/index.js'
import type { ProcessUsage } from '../process-usage.js'
import type { Family, Sample } from './exposition.js'

/** How things stand now. What is not known has no sample. */
export interface Standing {
  readonly backlog: Backlog | null
  readonly slots: SlotUse | undefined
  /** How much later than due the last heartbeat came. */
  readonly lateMs: number | null
  readonly usage: ProcessUsage | null
}

/** Pure. */
export function gauges({ backlog, slots, lateMs, usage }: Standing): readonly Family[] {
  return [
    gauge('longhaul_store_up', 'Whether the store answered.', one(backlog ? 1 : 0)),
    gauge('longhaul_jobs', 'Jobs that are kept, by state.', by('state', backlog?.states)),
    gauge(
      'longhaul_jobs_due',
      'Waiting jobs that are due and not paused, among the newest 5000 that wait: of more, a part.',
      one(backlog?.due),
    ),
    gauge(
      'longhaul_oldest_due_seconds',
      'How long the longest due job has waited, of all; 0 without any.',
      one(backlog && seconds(backlog.oldestDueMs ?? 0)),
    ),
    gauge('longhaul_slots', 'Slots of the workers in this process.', by('state', slots)),
    gauge(
      'longhaul_event_loop_late_seconds',
      'How late the last heartbeat was.',
      one(slots && lateMs !== null ? seconds(lateMs) : null),
    ),
    gauge('longhaul_process_resident_memory_bytes', 'Memory of this process.', one(usage?.rssBytes)),
    gauge('longhaul_process_heap_bytes', 'Memory that its JavaScript uses.', one(usage?.heapUsedBytes)),
    {
      ...gauge(
        'longhaul_process_cpu_seconds_total',
        'Its time on a processor.',
        one(usage && seconds(usage.cpuMs)),
      ),
      type: 'counter',
    },
  ]
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: 'gauge', help, samples }
}

function one(value: number | null | undefined): readonly Sample[] {
  return value === null || value === undefined ? [] : [{ labels: {}, value }]
}

function by(label: string, values: object | undefined): readonly Sample[] {
  return Object.entries(values ?? {}).map(([of, value]) => ({ labels: { [label]: of }, value }))
}

function seconds(ms: number): number {
  return ms / 1_000
}
