import type { CursorPage, Keyed } from '@longhaul/core'
import type { JobPage } from '../client/types.js'
import type { WorkizRow } from '../store.js'
import type { SyncRules } from './options.js'
import { isExpired } from './retention.js'
import type { Sync, WorkizSyncInput } from './sync.js'
import type { Work } from './work.js'

const chunk = 500

/** Where the look at the stored rows stands that follows a listing. */
export type MissingCursor = SearchCursor | { readonly phase: 'confirm'; readonly uuids: readonly string[] }

type SearchCursor = {
  readonly phase: 'search'
  readonly fetchedAt: string
  readonly startDate: string
  /** What is to be made of a row that was not listed. */
  readonly missing: 'kept' | 'asked for' | 'gone'
  readonly after: string | null
  /** The rows to ask for, the longest unseen first: when each was last fetched, and its UUID. */
  readonly chosen: readonly (readonly [fetchedAt: string, uuid: string])[]
  readonly doubtful: number
}

interface Listed {
  readonly fetchedAt: string
  readonly startDate: string
  readonly listed: number
  /** What the first page said: if the last one says otherwise, the list changed under the reader. */
  readonly found: number | null
}

/** What is wrong with a listing that ended with this page, as something to do. */
export function shortfall({ listed }: Listed, last: JobPage): readonly Keyed<Work>[] {
  return isComplete(listed, last)
    ? []
    : [['listing', { kind: 'incomplete', listed, found: last.found ?? null }]]
}

/** Nothing is missing from a listing that is not complete. */
export function afterListing(rules: SyncRules, seen: Listed, last: JobPage): MissingCursor {
  const { fetchedAt, startDate, listed } = seen
  const { deleteMissing, onlyOpen, statuses, sourceFilter } = rules
  const steady = seen.found === null || seen.found === (last.found ?? null)
  const unfiltered = !onlyOpen && statuses.length + sourceFilter.length === 0
  const trusted = deleteMissing === 'trust-listing' && steady && unfiltered
  const kept = deleteMissing === 'never' || !isComplete(listed, last)
  const missing = kept ? 'kept' : trusted ? 'gone' : 'asked for'
  return { phase: 'search', fetchedAt, startDate, missing, after: null, chosen: [], doubtful: 0 }
}

function isComplete(listed: number, { hasMore, found = 0 }: JobPage): boolean {
  return !hasMore && listed >= found
}

/** The rows that are too old or gone; at the end, one by one, those that have to be asked for. */
export async function missingPage(
  sync: Sync,
  { tenantId, accountId }: WorkizSyncInput,
  at: MissingCursor,
): Promise<CursorPage<Work>> {
  if (at.phase === 'confirm') return confirmPage(at.uuids)
  const rows = await sync.ports.store.scan(tenantId, accountId, at.after, chunk)
  const last = rows.at(-1)
  return last ? searchPage(sync, at, rows, last.uuid) : endOfSearch(at)
}

function searchPage(
  sync: Sync,
  at: SearchCursor,
  rows: readonly WorkizRow[],
  after: string,
): CursorPage<Work> {
  const { rules, clock } = sync
  const expired = rows.filter(({ jobDateTime }) => isExpired(jobDateTime, rules.retentionMs, clock.now()))
  const missing = rows.filter(row => !expired.includes(row) && isMissing(row, at, sync))
  const gone = missing.filter(row => isSurelyGone(row, at))
  const doubtful = missing.filter(row => !gone.includes(row))
  return {
    items: [...itemsOf('expired', expired), ...itemsOf('gone', gone)],
    next: { ...at, after, chosen: choose(at, doubtful, rules), doubtful: at.doubtful + doubtful.length },
  }
}

function itemsOf(kind: 'expired' | 'gone', rows: readonly WorkizRow[]): readonly Keyed<Work>[] {
  return rows.map(({ uuid }) => [uuid, { kind, uuid }])
}

/** The listing reached back to the row's day, and did not give it. */
function isMissing({ fetchedAt, jobDateTime }: WorkizRow, at: SearchCursor, { wall }: Sync): boolean {
  if (at.missing === 'kept' || fetchedAt >= at.fetchedAt) return false
  return jobDateTime === null || jobDateTime >= String(wall.toInstant(`${at.startDate} 00:00:00`))
}

/** Whether a listing gives jobs without a date, or of days to come, is not known. */
function isSurelyGone({ jobDateTime }: WorkizRow, { missing, fetchedAt }: SearchCursor): boolean {
  return missing === 'gone' && jobDateTime !== null && jobDateTime <= fetchedAt
}

function choose(
  { chosen }: SearchCursor,
  rows: readonly WorkizRow[],
  { detailBudget, deleteMissing }: SyncRules,
) {
  const most = Math.floor(detailBudget / (deleteMissing === 'confirm-twice' ? 2 : 1))
  const all = [...chosen, ...rows.map(({ fetchedAt, uuid }) => [fetchedAt, uuid] as const)]
  return all.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).slice(0, most)
}

function endOfSearch({ chosen, doubtful }: SearchCursor): CursorPage<Work> {
  const rows = doubtful - chosen.length
  return {
    items: rows > 0 ? [['deferred', { kind: 'deferred', rows }]] : [],
    next: chosen.length > 0 ? { phase: 'confirm', uuids: chosen.map(([, uuid]) => uuid) } : null,
  }
}

/** One at a time, so that no answer is asked for twice. */
function confirmPage([uuid = '', ...rest]: readonly string[]): CursorPage<Work> {
  const next = rest.length > 0 ? { phase: 'confirm', uuids: rest } : null
  return { items: [[uuid, { kind: 'missing', uuid }]], next }
}
