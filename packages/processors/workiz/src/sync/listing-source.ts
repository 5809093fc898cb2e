import type { CursorPage } from '@longhaul/core'
import type { JobPage, ListQuery } from '../client/types.js'
import { ask } from './api.js'
import { afterListing, type MissingCursor, missingPage, shortfall } from './missing-source.js'
import { nextOffset, type OffsetMode } from './offset-mode.js'
import { follow, noPages } from './page-trail.js'
import { accountKey, type StepContext, type Sync } from './sync.js'
import type { Work } from './work.js'

const dayMs = 86_400_000

/** Where a listing stands. */
type ListCursor = {
  readonly phase: 'list'
  /** When the run began: what the listing gives is stored as fetched then, so an older row was not on it. */
  readonly fetchedAt: string
  readonly startDate: string
  readonly offset: number
  readonly mode: OffsetMode | 'unknown' | null
  readonly firsts: readonly string[]
  readonly last: string | null
  readonly listed: number
  /** How many there are by the first page. */
  readonly found: number | null
}

export type ListingCursor = ListCursor | MissingCursor

/** The next page of the job list; when that is through, the stored rows that are too old or missing from it. */
export function listing(
  sync: Sync,
  context: StepContext,
  cursor: ListingCursor | null,
): Promise<CursorPage<Work>> {
  const at = cursor ?? start(sync)
  return at.phase === 'list' ? listPage(sync, context, at) : missingPage(sync, context.input, at)
}

function start({ rules, clock, wall }: Sync): ListCursor {
  const now = clock.now()
  const { startDate } = rules
  return {
    phase: 'list',
    fetchedAt: new Date(now).toISOString(),
    startDate: typeof startDate === 'string' ? startDate : wall.dateAt(now - startDate.daysBack * dayMs),
    offset: 0,
    mode: null,
    ...noPages,
    listed: 0,
    found: null,
  }
}

/** @throws {PaginationLoopError} before anything of a page that comes again is stored. */
async function listPage(sync: Sync, context: StepContext, at: ListCursor): Promise<CursorPage<Work>> {
  const query = queryOf(sync, at)
  const page = await ask(sync, context, (client, options) => client.listJobs(query, options))
  const trail = follow(at, page)
  const jobs = new Map(page.jobs.map(job => [job.UUID, job]))
  const items = [...jobs].map(
    ([uuid, job]) => [uuid, { kind: 'listed', job, fetchedAt: at.fetchedAt, offset: at.offset }] as const,
  )
  const seen = { ...at, ...trail, listed: at.listed + jobs.size }
  if (!page.hasMore || trail.firsts.length >= sync.rules.maxPages) {
    return { items: [...items, ...shortfall(seen, page)], next: afterListing(sync.rules, seen, page) }
  }
  const mode = at.mode ?? (await offsetModeFor(sync, context, page, query))
  const offset = nextOffset(mode, at.offset, page.jobs.length)
  return { items, next: { ...seen, mode, offset, found: at.found ?? page.found ?? null } }
}

function queryOf({ rules }: Sync, { startDate, offset }: ListCursor): ListQuery {
  const { pageSize: records, onlyOpen, statuses } = rules
  return { startDate, offset, records, onlyOpen, statuses }
}

/** Found out once per account, with the first page. */
async function offsetModeFor(sync: Sync, context: StepContext, page: JobPage, query: ListQuery) {
  const { offsetMode } = sync.rules
  if (offsetMode !== 'auto') return offsetMode
  const key = accountKey(context.input)
  const known = sync.offsetModes.get(key)
  if (known !== undefined) return known
  const learnt = await ask(sync, context, (client, options) => client.probeOffset(page, query, options))
  sync.offsetModes.set(key, learnt)
  return learnt
}
