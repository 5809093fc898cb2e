import type { Keyed } from '@longhaul/core'
import type { Sync, WorkizSyncInput } from './sync.js'
import type { Work } from './work.js'

/** The stored rows behind the cursor, which is the UUID of the last one. */
export async function storedRows(
  { ports }: Sync,
  { tenantId, accountId }: WorkizSyncInput,
  after: string | null,
  limit: number,
): Promise<readonly Keyed<Work>[]> {
  const rows = await ports.store.scan(tenantId, accountId, after, limit)
  return rows.map(({ uuid, jobDateTime }) => [uuid, { kind: 'row', uuid, jobDateTime }])
}
