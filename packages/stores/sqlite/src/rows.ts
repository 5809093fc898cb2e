import {
  fromStorable,
  type Job,
  type JobHead,
  type JobState,
  type PendingWish,
  toStorable,
} from '@longhaul/core/store'

/**
 * A row of `jobs` as the driver gives it, in the order of {@link at}. To make an object of it first, only to make a
 * job of that, would double what a claim costs.
 */
export type JobRow = readonly [
  seq: number,
  id: string,
  processor: string,
  queue: string,
  rank: number,
  state: JobState,
  due_at: number,
  lane: string | null,
  lane_limit: number,
  waits_for: number,
  token: number,
  wish: PendingWish | null,
  key: string | null,
  tenant: string | null,
  correlation_id: string | null,
  group_name: string | null,
  created_at: number,
  started_at: number | null,
  ended_at: number | null,
  attempts: number,
  crashes: number,
  interruptions: number,
  throttles: number,
  done: number,
  failed: number,
  skipped: number,
  total: number | null,
  tags: string | null,
  note: string | null,
  memo: string | null,
  cursor: string | null,
  error: string | null,
  output: string | null,
  input: string,
]

/** Where in a row each column stands. */
const at = {
  seq: 0,
  id: 1,
  processor: 2,
  queue: 3,
  rank: 4,
  state: 5,
  due_at: 6,
  lane: 7,
  lane_limit: 8,
  waits_for: 9,
  token: 10,
  wish: 11,
  key: 12,
  tenant: 13,
  correlation_id: 14,
  group_name: 15,
  created_at: 16,
  started_at: 17,
  ended_at: 18,
  attempts: 19,
  crashes: 20,
  interruptions: 21,
  throttles: 22,
  done: 23,
  failed: 24,
  skipped: 25,
  total: 26,
  tags: 27,
  note: 28,
  memo: 29,
  cursor: 30,
  error: 31,
  output: 32,
  input: 33,
} as const

/** The columns of a job, of which some may be read as something else. */
export function jobColumns(others: Partial<Record<keyof typeof at, string>> = {}): string {
  const names = Object.keys(at) as (keyof typeof at)[]
  return names.map(name => others[name] ?? name).join(', ')
}

/** Those that may be large are left where they are. */
export const headColumns = jobColumns({ output: 'null', input: "''" })

export function toJob(row: JobRow): Job {
  const tags = row[at.tags]
  return {
    id: fromStorable(row[at.id]),
    processor: fromStorable(row[at.processor]),
    queue: fromStorable(row[at.queue]),
    input: fromStorable(row[at.input]),
    priority: 0 - row[at.rank],
    key: shown(row[at.key]),
    lane: shown(row[at.lane]),
    laneLimit: row[at.lane_limit],
    tenant: shown(row[at.tenant]),
    correlationId: shown(row[at.correlation_id]),
    group: shown(row[at.group_name]),
    note: shown(row[at.note]),
    tags: tags === null ? [] : (JSON.parse(tags) as string[]),
    state: row[at.state],
    token: row[at.token],
    wish: row[at.wish],
    waitsFor: row[at.waits_for],
    createdAt: row[at.created_at],
    dueAt: row[at.due_at],
    startedAt: row[at.started_at],
    endedAt: row[at.ended_at],
    cursor: shown(row[at.cursor]),
    output: shown(row[at.output]),
    error: shown(row[at.error]),
    memo: shown(row[at.memo]),
    progress: progressOf(row),
    attempts: row[at.attempts],
    crashes: row[at.crashes],
    interruptions: row[at.interruptions],
    throttles: row[at.throttles],
  }
}

function progressOf(row: JobRow) {
  return { done: row[at.done], failed: row[at.failed], skipped: row[at.skipped], total: row[at.total] }
}

export function toHead(row: JobRow): JobHead {
  const { input: _input, output: _output, ...head } = toJob(row)
  return head
}

export function seqOf(row: JobRow): number {
  return row[at.seq]
}

/** How a text that may be missing is stored. */
export function kept<Missing extends null | undefined>(text: string | Missing): string | Missing {
  return typeof text === 'string' ? toStorable(text) : text
}

/** The text that was {@link kept}. */
export function shown(text: string | null): string | null {
  return text === null ? null : fromStorable(text)
}
