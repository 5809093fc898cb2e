import { deleteMarked, type EndContext } from './deletions.js'
import type { OffsetMode } from './offset-mode.js'
import type { SyncRules } from './options.js'
import { accountKey, type Sync } from './sync.js'

/**
 * What a run did. In a refresh, `scanned` is the sum of `updated`, `unchanged`, `inserted`, `deletedGone`,
 * `deletedRetention`, `failed` and `deferred`.
 */
export interface WorkizResult {
  readonly mode: SyncRules['mode']
  readonly accountId: string
  /** Stored rows that were looked at. */
  readonly scanned: number
  /** Jobs that the listing gave. */
  readonly listed: number
  readonly inserted: number
  readonly updated: number
  readonly unchanged: number
  readonly deletedGone: number
  readonly deletedRetention: number
  /** Deletions that the guard held back; part of `deferred`. */
  readonly deletesWithheld: number
  readonly failed: number
  /** Rows left for a later run. */
  readonly deferred: number
  /** What `offset` counts in this account, as far as this process knows. */
  readonly offsetMode: OffsetMode | 'unknown'
}

/** Does what is left when all items are done: the deletions, and the sum. */
export async function finishSync(sync: Sync, context: EndContext): Promise<WorkizResult> {
  const { counters, input, progress } = context
  const { rows, gone, retention, spared, withheld } = await deleteMarked(sync, context)
  const { listed = 0, inserted = 0, updated = 0, unchanged = 0, deferred = 0 } = counters
  return {
    mode: sync.rules.mode,
    accountId: input.accountId,
    scanned: sync.rules.mode === 'refresh' ? progress.done : rows,
    listed,
    inserted,
    updated,
    unchanged,
    deletedGone: gone,
    deletedRetention: retention,
    deletesWithheld: withheld,
    failed: progress.failed,
    deferred: deferred + withheld + spared,
    offsetMode: offsetModeOf(sync, context),
  }
}

function offsetModeOf({ rules, offsetModes }: Sync, { input }: EndContext): OffsetMode | 'unknown' {
  return rules.offsetMode === 'auto' ? (offsetModes.get(accountKey(input)) ?? 'unknown') : rules.offsetMode
}
