import { Fatal } from '@longhaul/core'
import { isWorkizError, WorkizError } from '../client/errors.js'
import type { WorkizJob } from '../client/types.js'
import type { UpsertMeta } from '../store.js'
import { ask } from './api.js'
import { markSkip } from './marks.js'
import { isExpired } from './retention.js'
import type { StepContext, Sync } from './sync.js'

/** One thing to do. Plain JSON, for a failed one is kept, to be tried again. */
export type Work =
  /** A stored row to refresh. */
  | { readonly kind: 'row'; readonly uuid: string; readonly jobDateTime: string | null }
  /** A job that the listing gave, on the page that began at `offset`. */
  | {
      readonly kind: 'listed'
      readonly job: WorkizJob
      readonly fetchedAt: string
      readonly offset: number
    }
  /** A stored row that the listing did not give: is it still there? */
  | { readonly kind: 'missing'; readonly uuid: string }
  /** A row that is to be deleted, and need not be asked for. */
  | { readonly kind: 'gone' | 'expired'; readonly uuid: string }
  /** Rows that are left for a later run. */
  | { readonly kind: 'deferred'; readonly rows: number }
  /** What kept the listing from being complete. */
  | { readonly kind: 'incomplete'; readonly listed: number; readonly found: number | null }
  /** Deletions that the guard withheld. Tried again, they are weighed again when all else is done. */
  | { readonly kind: 'deletions' }

export const counterNames = [
  'listed',
  'inserted',
  'updated',
  'unchanged',
  'deferred',
  'deletedGone',
  'deletedRetention',
] as const

export type Counter = (typeof counterNames)[number]

export interface WorkContext extends StepContext {
  /** Absent without a runner, where nothing is done again. */
  readonly jobId?: string
  count(counter: Counter, by?: number): void
}

/**
 * Does one thing. Nothing is deleted here: what should be is marked, and deleted at the end.
 *
 * @throws {Skip} the mark of a row to be deleted. @throws {WorkizError} for a job that failed. @throws {Fatal} to stop the run.
 */
export async function doWork(work: Work, sync: Sync, context: WorkContext): Promise<void> {
  const { rules, clock } = sync
  switch (work.kind) {
    case 'row':
      if (isExpired(work.jobDateTime, rules.retentionMs, clock.now()))
        throw markSkip('retention', clock.now())
      return refresh(work.uuid, sync, context)
    case 'missing':
      return refresh(work.uuid, sync, context)
    case 'gone':
      throw markSkip('gone', clock.now())
    case 'expired':
      throw markSkip('retention', clock.now())
    case 'listed':
      return takeIn(work, sync, context)
    case 'deferred':
      return context.count('deferred', work.rows)
    case 'incomplete':
      throw incomplete(work.listed, work.found)
    case 'deletions':
      return
  }
}

async function refresh(uuid: string, sync: Sync, context: WorkContext): Promise<void> {
  const job = await look(uuid, sync, context)
  const fetchedAt = new Date(sync.clock.now()).toISOString()
  if (job !== 'gone') return save(job, { fetchedAt, run: context.jobId }, sync, context)
  if (sync.rules.deleteMissing !== 'never') throw markSkip('gone', sync.clock.now())
  context.count('deferred')
}

/** A job is gone when Workiz says so each time that it is asked. @throws {Fatal} when no other call can go well. */
async function look(uuid: string, sync: Sync, context: WorkContext): Promise<WorkizJob | 'gone'> {
  const times = sync.rules.deleteMissing === 'confirm-twice' ? 2 : 1
  let job: WorkizJob | 'gone' = 'gone'
  for (let looked = 0; looked < times && job === 'gone'; looked++) {
    job = await ask(sync, context, (client, options) => client.getJob(uuid, options)).catch(stopIfHopeless)
  }
  return job
}

function stopIfHopeless(error: unknown): never {
  if (!isWorkizError(error) || error.scope === 'item' || error.retryable) throw error
  throw new Fatal(`${error.message} (${error.code})`, { cause: error })
}

/** While jobs come and go, one may be on two pages: that is no repeat, and must not count as its first time. */
function takeIn(
  { job, fetchedAt, offset }: Extract<Work, { kind: 'listed' }>,
  sync: Sync,
  context: WorkContext,
): Promise<void> | undefined {
  const { sourceFilter } = sync.rules
  const run = context.jobId && `${context.jobId}:${offset}`
  context.count('listed')
  if (sourceFilter.length > 0 && !sourceFilter.includes(job.JobSource ?? '')) return undefined
  return save(job, { fetchedAt, run }, sync, context)
}

async function save(
  job: WorkizJob,
  meta: UpsertMeta,
  { ports, entryOf }: Sync,
  { input, count }: WorkContext,
) {
  const { tenantId, accountId } = input
  const counts = await ports.store.upsertMany(tenantId, accountId, [entryOf(job)], meta)
  for (const kind of ['inserted', 'updated', 'unchanged'] as const)
    if (counts[kind] > 0) count(kind, counts[kind])
}

function incomplete(listed: number, found: number | null): WorkizError {
  const seen = found === null ? `ended after ${listed} jobs` : `gave ${listed} of ${found} jobs`
  return new WorkizError('upstream_bad_response', `Workiz: the listing ${seen}. No missing row was deleted.`)
}
