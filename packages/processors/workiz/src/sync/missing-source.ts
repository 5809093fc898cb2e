import type { CursorPage, Keyed } from '@longhaul/core'
import type { JobPage } from '../client/types.js'
import type { WorkizRow } from '../store.js'
import type { SyncRules } from './options.js'
import { isExpired } from './retention.js'
import type { Sync, WorkizSyncInput } from './sync.js'
import type { Work } from './work.js'

/** Where the search for rows stands that the listing should have given and did not. */
export type MissingCursor =
  | { readonly phase: 'incomplete'; readonly listed: number; readonly found: number | null }
  | SearchCursor
  | { readonly phase: 'confirm'; readonly uuids: readonly string[] }

type SearchCursor = {
  readonly phase: 'search'
  readonly fetchedAt: string
  readonly startDate: string
  /** Whether not to be on the listing is enough. */
  readonly trust: boolean
  readonly after: string | null
  /** The rows to ask for, the longest unseen first: when each was last fetched, and its UUID. */
  readonly chosen: readonly (readonly [fetchedAt: string, uuid: string])[]
  readonly missing: number
}

interface Listed {
  readonly fetchedAt: string
  readonly startDate: string
  readonly listed: number
  readonly found: number | null
}

/** What follows the last page. Nothing is missing from a listing that is not complete. */
export function afterListing(rules: SyncRules, seen: Listed, last: JobPage): MissingCursor | null {
  const { fetchedAt, startDate, listed } = seen
  const found = last.found ?? null
  if (last.hasMore || listed < (found ?? 0)) return { phase: 'incomplete', listed, found }
  if (rules.deleteMissing === 'never') return null
  const steady = seen.found === null || seen.found === found
  const unfiltered = !rules.onlyOpen && rules.statuses.length + rules.sourceFilter.length === 0
  const trust = rules.deleteMissing === 'trust-listing' && steady && unfiltered
  return { phase: 'search', fetchedAt, startDate, trust, after: null, chosen: [], missing: 0 }
}

export async function missingPage(
  sync: Sync,
  input: WorkizSyncInput,
  at: MissingCursor,
  limit: number,
): Promise<CursorPage<Work>> {
  if (at.phase === 'search') return searchPage(sync, input, at, limit)
  if (at.phase === 'confirm') return confirmPage(at.uuids)
  return { items: [['listing', { kind: 'incomplete', listed: at.listed, found: at.found }]], next: null }
}

async function searchPage(
  sync: Sync,
  { tenantId, accountId }: WorkizSyncInput,
  at: SearchCursor,
  limit: number,
): Promise<CursorPage<Work>> {
  const rows = await sync.ports.store.scan(tenantId, accountId, at.after, limit)
  const missing = rows.filter(row => isMissing(row, at, sync))
  const trusted = missing.filter(row => isTrusted(row, at))
  const doubtful = missing.filter(row => !trusted.includes(row))
  const chosen = choose(at, doubtful, sync.rules)
  const next = { ...at, chosen, missing: at.missing + doubtful.length, after: rows.at(-1)?.uuid ?? null }
  if (rows.length > 0) return { items: trusted.map(({ uuid }) => [uuid, { kind: 'gone', uuid }]), next }
  return { items: deferred(next.missing - chosen.length), next: toConfirm(chosen) }
}

/** One at a time, so that no answer is asked for twice. */
function confirmPage([uuid = '', ...rest]: readonly string[]): CursorPage<Work> {
  const next = rest.length > 0 ? { phase: 'confirm', uuids: rest } : null
  return { items: [[uuid, { kind: 'missing', uuid }]], next }
}

/** The listing reached back to the row's day, and did not give it. */
function isMissing(
  { fetchedAt, jobDateTime }: WorkizRow,
  at: SearchCursor,
  { rules, clock, wall }: Sync,
): boolean {
  if (fetchedAt >= at.fetchedAt || isExpired(jobDateTime, rules.retentionMs, clock.now())) return false
  return jobDateTime === null || jobDateTime >= String(wall.toInstant(`${at.startDate} 00:00:00`))
}

/** Whether a listing gives jobs without a date, or of days to come, is not known. */
function isTrusted({ jobDateTime }: WorkizRow, { trust, fetchedAt }: SearchCursor): boolean {
  return trust && jobDateTime !== null && jobDateTime <= fetchedAt
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

function deferred(rows: number): readonly Keyed<Work>[] {
  return rows > 0 ? [['deferred', { kind: 'deferred', rows }]] : []
}

function toConfirm(chosen: SearchCursor['chosen']): MissingCursor | null {
  return chosen.length > 0 ? { phase: 'confirm', uuids: chosen.map(([, uuid]) => uuid) } : null
}
