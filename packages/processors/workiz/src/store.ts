import type { WorkizJob } from './client/types.js'

/**
 * Where your copy of an account's jobs lives: yours to write, or {@link sqliteWorkizStore}. Rows belong to a tenant
 * and an account; a UUID is unique within both. Each method may be repeated with the same arguments.
 */
export interface WorkizStore {
  /** Up to `limit` rows in the order of their UUIDs, the first one behind `after`. */
  scan(tenant: string, account: string, after: string | null, limit: number): Promise<readonly WorkizRow[]>

  count(tenant: string, account: string): Promise<number>

  /** Keeps each entry, all or none. One whose hash is stored already is unchanged, but its `fetchedAt` moves on. */
  upsertMany(
    tenant: string,
    account: string,
    entries: readonly WorkizEntry[],
    meta: { readonly fetchedAt: string },
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

export interface UpsertCounts {
  readonly inserted: number
  readonly updated: number
  readonly unchanged: number
}

/** What an upsert of `entries` will do, given the hashes that are stored. For authors of stores. */
export function countChanges(
  entries: readonly WorkizEntry[],
  storedHash: (uuid: string) => string | undefined,
): UpsertCounts {
  const counts = { inserted: 0, updated: 0, unchanged: 0 }
  for (const [uuid, hash] of new Map(entries.map(entry => [entry.uuid, entry.hash]))) {
    const stored = storedHash(uuid)
    counts[stored === undefined ? 'inserted' : stored === hash ? 'unchanged' : 'updated']++
  }
  return counts
}
