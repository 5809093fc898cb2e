import type { CursorValue, ItemPage } from '@longhaul/core'
import { type ListingCursor, listing } from './listing-source.js'
import type { StepContext, Sync } from './sync.js'
import type { Work } from './work.js'

/** What to do next, behind the cursor that came with what was done before. */
export function nextWork(
  sync: Sync,
  context: StepContext,
  cursor: CursorValue,
  limit: number,
): Promise<ItemPage<Work>> {
  if (sync.rules.mode === 'refresh') return storedRows(sync, context, cursor as string | null, limit)
  return listing(sync, context, cursor as ListingCursor | null)
}

/** The stored rows behind a UUID. */
async function storedRows({ ports }: Sync, { input }: StepContext, after: string | null, limit: number) {
  const rows = await ports.store.scan(input.tenantId, input.accountId, after, limit)
  return rows.map(({ uuid, jobDateTime }) => [uuid, { kind: 'row', uuid, jobDateTime }] as const)
}
