import type { Counters, Progress } from '@longhaul/core'
import { WorkizError } from '../client/errors.js'
import type { WorkizRow } from '../store.js'
import { isMassDelete } from './delete-guard.js'
import { isExpired } from './retention.js'
import type { Sync, WorkizSyncInput } from './sync.js'
import { type Counter, expiredReason, goneAt, type Work } from './work.js'

const chunk = 500

/** What the end of a run is given. */
export interface EndContext {
  readonly input: WorkizSyncInput
  readonly progress: Progress
  readonly counters: Counters<Counter>
  /** How items ended that were skipped or failed. */
  records(): AsyncIterable<{ readonly key: string; readonly outcome: string; readonly error: string | null }>
  count(counter: Counter, by?: number): void
  /** Lets the run end with an error, although each of its items is done. */
  fail(key: string, error: WorkizError, value: Work): void
}

export interface Deletions {
  /** Stored rows that were weighed. */
  readonly rows: number
  readonly gone: readonly string[]
  readonly retention: readonly string[]
}

/** Deletes what the run found gone or too old, or nothing of it, if it is more than the guard lets through. */
export async function deleteRows(
  sync: Sync,
  context: EndContext,
): Promise<Deletions & { readonly withheld: number }> {
  const deletions = await plan(sync, context)
  const { rows, gone, retention } = deletions
  const withheld = gone.length + retention.length
  if (isMassDelete(withheld, rows, sync.rules.guard)) {
    context.fail('deletions', tripped(withheld, rows), { kind: 'deletions' })
    return { rows, gone: [], retention: [], withheld }
  }
  await deleteAll(sync, context, gone, 'gone')
  await deleteAll(sync, context, retention, 'retention')
  return { ...deletions, withheld: 0 }
}

/** Held against the store once more: a row that was fetched after it was found gone is alive. */
async function plan(sync: Sync, context: EndContext): Promise<Deletions> {
  const reasons = await skipReasons(context)
  const { mode, retentionMs } = sync.rules
  const now = sync.clock.now()
  const gone: string[] = []
  const retention: string[] = []
  let rows = 0
  for await (const { uuid, jobDateTime, fetchedAt } of allRows(sync, context.input)) {
    const reason = reasons.get(uuid)
    const weighed = mode === 'listing' || reason === expiredReason
    rows++
    if (weighed && isExpired(jobDateTime, retentionMs, now)) retention.push(uuid)
    else if (fetchedAt <= (goneAt(reason) ?? '')) gone.push(uuid)
  }
  return { rows, gone, retention }
}

async function skipReasons({ records }: EndContext): Promise<ReadonlyMap<string, string>> {
  const reasons = new Map<string, string>()
  for await (const { key, outcome, error } of records()) {
    if (outcome === 'skipped' && error !== null) reasons.set(key, error)
  }
  return reasons
}

async function* allRows({ ports }: Sync, { tenantId, accountId }: WorkizSyncInput): AsyncIterable<WorkizRow> {
  for (let after: string | null | undefined = null; after !== undefined; ) {
    const rows: readonly WorkizRow[] = await ports.store.scan(tenantId, accountId, after, chunk)
    yield* rows
    after = rows.at(-1)?.uuid
  }
}

async function deleteAll(
  { ports }: Sync,
  { input, count }: EndContext,
  uuids: readonly string[],
  reason: 'gone' | 'retention',
): Promise<void> {
  for (let from = 0; from < uuids.length; from += chunk) {
    await ports.store.deleteMany(input.tenantId, input.accountId, uuids.slice(from, from + chunk), reason)
  }
  if (uuids.length > 0) count(reason === 'gone' ? 'deletedGone' : 'deletedRetention', uuids.length)
}

function tripped(wanted: number, rows: number): WorkizError {
  const message = `Workiz: ${wanted} of ${rows} rows would be deleted, more than the guard lets through. None was. Check the account, then raise \`guard\` if that is right.`
  return new WorkizError('guard_tripped', message, { scope: 'run' })
}
