import type { Counters, Progress } from '@longhaul/core'
import { WorkizError } from '../client/errors.js'
import { isMassDelete } from './delete-guard.js'
import { type ItemEnd, type Mark, marksOf } from './marks.js'
import type { Sync, WorkizSyncInput } from './sync.js'
import type { Counter, Work } from './work.js'

const chunk = 500

/** What the end of a run is given. */
export interface EndContext {
  readonly input: WorkizSyncInput
  readonly progress: Progress
  readonly counters: Counters<Counter>
  records(): AsyncIterable<ItemEnd>
  count(counter: Counter, by?: number): void
  /** Lets the run end with an error, although each of its items is done. */
  fail(key: string, error: WorkizError, value: Work): void
}

export interface Deletions {
  /** Stored rows, those to be deleted included. */
  readonly rows: number
  readonly gone: number
  readonly retention: number
  /** Marked, but fetched again since: alive. */
  readonly spared: number
  readonly withheld: number
}

/**
 * Deletes what the run marked, or nothing of it, if it is more than the guard lets through. May run again after it
 * was cut off: a row that is no longer there was deleted by this run, so the sums stay the same.
 */
export async function deleteMarked(sync: Sync, context: EndContext): Promise<Deletions> {
  const marks = await marksOf(context.records(), context.progress.skipped)
  const { rows, alive } = await weigh(marks, sync, context.input)
  const wanted = marks.filter(({ uuid }) => !alive.has(uuid))
  const [gone, retention] = [uuidsOf(wanted, 'gone'), uuidsOf(wanted, 'retention')]
  if (isMassDelete(wanted.length, rows, sync.rules.guard)) {
    context.fail('deletions', tripped(wanted.length, rows), { kind: 'deletions' })
    return { rows, gone: 0, retention: 0, spared: alive.size, withheld: wanted.length }
  }
  await deleteAll(gone, 'gone', sync, context)
  await deleteAll(retention, 'retention', sync, context)
  return { rows, gone: gone.length, retention: retention.length, spared: alive.size, withheld: 0 }
}

/** How many rows there are, and which of the marked ones were fetched after they were marked. */
async function weigh(marks: readonly Mark[], sync: Sync, { tenantId, accountId }: WorkizSyncInput) {
  const absent = new Map(marks.map(({ uuid, at }) => [uuid, at]))
  const alive = new Set<string>()
  let rows = 0
  for (let after: string | null | undefined = null; after !== undefined; ) {
    const page = await sync.ports.store.scan(tenantId, accountId, after, chunk)
    for (const { uuid, fetchedAt } of page) {
      if (fetchedAt > (absent.get(uuid) ?? fetchedAt)) alive.add(uuid)
      absent.delete(uuid)
    }
    rows += page.length
    after = page.at(-1)?.uuid
  }
  return { rows: rows + absent.size, alive }
}

async function deleteAll(
  uuids: readonly string[],
  why: Mark['why'],
  { ports }: Sync,
  { input, count, counters }: EndContext,
): Promise<void> {
  for (let from = 0; from < uuids.length; from += chunk) {
    await ports.store.deleteMany(input.tenantId, input.accountId, uuids.slice(from, from + chunk), why)
  }
  const counter = why === 'gone' ? 'deletedGone' : 'deletedRetention'
  count(counter, uuids.length - (counters[counter] ?? 0))
}

function uuidsOf(marks: readonly Mark[], why: Mark['why']): readonly string[] {
  return marks.filter(mark => mark.why === why).map(({ uuid }) => uuid)
}

function tripped(wanted: number, rows: number): WorkizError {
  const message = `Workiz: ${wanted} of ${rows} rows would be deleted, more than the guard lets through. None was. Check the account, then raise \`guard\` if that is right.`
  return new WorkizError('guard_tripped', message, { scope: 'run' })
}
