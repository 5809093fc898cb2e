import type { WorkizJob } from './client/types.js'

/**
 * Where your copy of an account's jobs lives: yours to write, or {@link sqliteWorkizStore}. Rows belong to a tenant
 * and an account; a UUID is unique within both. Each method may be repeated with the same arguments.
 */
export interface WorkizStore {
  /** Up to `limit` rows in the order of their UUIDs, the first one behind `after`. */
  scan(tenant: string, account: string, after: string | null, limit: number): Promise<readonly WorkizRow[]>

  count(tenant: string, account: string): Promise<number>

  /**
   * Keeps each entry, all or none, and with it what `meta.run` did to the row. One whose hash is stored already is
   * unchanged, but its `fetchedAt` moves on. A repeat by the same run answers as the first time, so that what was
   * stored, and not yet counted when a process died, still counts as what it was. {@link upsertOutcome} is the rule.
   */
  upsertMany(
    tenant: string,
    account: string,
    entries: readonly WorkizEntry[],
    meta: UpsertMeta,
  ): Promise<UpsertCounts>

  /** Answers how many were there to delete. */
  deleteMany(
    tenant: string,
    account: string,
    uuids: readonly string[],
    reason: 'gone' | 'retention',
  ): Promise<number>
}

/** What a sync needs to know of a stored row. */
export interface WorkizRow {
  readonly uuid: string
  readonly hash: string
  /** The instant of `JobDateTime`, ISO 8601 UTC; `null` when it has none. */
  readonly jobDateTime: string | null
  /** When Workiz last gave this job, ISO 8601 UTC. */
  readonly fetchedAt: string
}

/** One job on its way into a store. */
export interface WorkizEntry {
  readonly uuid: string
  /** Differs when the job differs. */
  readonly hash: string
  readonly jobDateTime: string | null
  /** As Workiz gave it, dates in account time. */
  readonly job: WorkizJob
}

/** What the entries of an upsert share. */
export interface UpsertMeta {
  readonly fetchedAt: string
  /**
   * Names the work that the upsert is part of: the same when it is done again after a crash or a failure, in any
   * process. Absent where nothing is ever done again.
   */
  readonly run?: string | undefined
}

export type UpsertOutcome = 'inserted' | 'updated' | 'unchanged'

export type UpsertCounts = Readonly<Record<UpsertOutcome, number>>

/** What the last run left with a row. */
export interface UpsertTrace {
  readonly hash: string
  readonly run: string | null
  readonly outcome: UpsertOutcome | null
}

/** What an upsert with this hash makes of a row: all that the run has done to it so far. For authors of stores. */
export function upsertOutcome(
  stored: UpsertTrace | undefined,
  hash: string,
  { run }: Pick<UpsertMeta, 'run'>,
): UpsertOutcome {
  if (!stored) return 'inserted'
  const before = stored.run === run ? stored.outcome : null
  if (before === 'inserted' || before === 'updated') return before
  return stored.hash === hash ? 'unchanged' : 'updated'
}

/** Each UUID once: the last of its entries. For authors of stores. */
export function distinct(entries: readonly WorkizEntry[]): readonly WorkizEntry[] {
  return [...new Map(entries.map(entry => [entry.uuid, entry])).values()]
}

/** For authors of stores. */
export function countOutcomes(outcomes: Iterable<UpsertOutcome>): UpsertCounts {
  const counts = { inserted: 0, updated: 0, unchanged: 0 }
  for (const outcome of outcomes) counts[outcome]++
  return counts
}
