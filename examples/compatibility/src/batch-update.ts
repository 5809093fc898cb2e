import type { GroupView, ItemView, JobDetails, JobState, JobView, Processor, Runner } from '@longhaul/core'
import type { Authorize } from '@longhaul/http'
import { admit, ownGroup, ownJob, scopeOf } from './http/door.js'
import { json } from './http/json.js'
import { serve } from './http/routes.js'

/** What the job of a batch is given. */
export interface BatchInput {
  accountId: string
  batchNumber: number
  jobUUIDs: string[]
}

export interface BatchUpdateOptions {
  readonly authorize: Authorize
  /** For `process-batch`, which a server calls: see `bearer` of `@longhaul/http`. */
  readonly authorizeWork: Authorize
  /** Walks `jobUUIDs` in their order. */
  readonly processor: Processor<string, BatchInput>
  /** The ids of the jobs of each account. */
  readonly accounts: () => Promise<ReadonlyMap<string, readonly string[]>>
}

const batchSize = 10

export function batchUpdateRoutes(runner: Runner, { processor, accounts, ...doors }: BatchUpdateOptions) {
  const { authorize, authorizeWork } = doors
  const itemsOf = async (id: string) => (await runner.items(id, { limit: 1_000 })).records
  return serve({
    async 'POST /api/init-batch-update'({ request }) {
      const scope = scopeOf(await admit(request, authorize, 'enqueue'))
      const group = runner.group()
      for (const [lane, uuids] of await accounts()) {
        let before: { readonly id: string }[] = []
        for (const input of batchesOf(lane, uuids)) {
          const after = { jobs: before, outcome: 'ended' } as const // in their order, whatever becomes of one
          before = [group.add(processor, input, { ...scope, lane, after })]
        }
      }
      const { id, jobs } = await group.enqueue()
      return json({ operationId: id, status: 'processing', totalBatches: jobs.length }, 202)
    },

    async 'POST /api/process-batch/:batchId'({ request, params: { batchId = '' } }) {
      const access = await admit(request, authorizeWork, 'act')
      await ownJob(runner, batchId, access)
      await runner.work({ budgetMs: 50_000 }) // whatever is due, this batch among it
      return json(batch(await ownJob(runner, batchId, access), await itemsOf(batchId)))
    },

    async 'GET /api/batch-progress/:operationId'({ request, params: { operationId = '' } }) {
      const access = await admit(request, authorize, 'read')
      const group = await ownGroup(runner, operationId, access)
      const { jobs } = await runner.list({ group: operationId, ...scopeOf(access) }, { limit: 1_000 })
      return json(batchProgress(group, jobs))
    },

    async 'POST /api/retry-batch/:batchId'({ request, params: { batchId = '' } }) {
      const access = await admit(request, authorize, 'act')
      await ownJob(runner, batchId, access)
      return json(batch(await runner.retry(batchId, { only: 'failed' }), await itemsOf(batchId)), 202)
    },
  })
}

function batchesOf(accountId: string, uuids: readonly string[]): BatchInput[] {
  return Array.from({ length: Math.ceil(uuids.length / batchSize) }, (_, index) => {
    const jobUUIDs = uuids.slice(index * batchSize, (index + 1) * batchSize)
    return { accountId, batchNumber: index + 1, jobUUIDs }
  })
}

const statuses = {
  blocked: 'pending',
  waiting: 'pending',
  running: 'processing',
  paused: 'pending',
  completed: 'completed',
  completed_with_errors: 'completed_with_errors',
  failed: 'failed',
  cancelled: 'failed',
} as const satisfies Record<JobState, string>

export function batch({ group, state, progress, ...job }: JobDetails, items: readonly ItemView[]) {
  const { accountId, batchNumber, jobUUIDs } = job.input as BatchInput
  const failed = items.filter(({ outcome }) => outcome === 'failed')
  const failedJobs = failed.map(({ item }) => String(item))
  const completedJobs = jobUUIDs.slice(0, progress.done).filter(uuid => !failedJobs.includes(uuid))
  return {
    ...{ operationId: group, accountId, batchNumber, status: statuses[state] },
    ...{ jobUUIDs, completedJobs, failedJobs, errors: failed.map(({ reason }) => reason) },
    ...{ retryCount: job.attempts, startTime: job.startedAt, endTime: job.endedAt },
  }
}

export function batchProgress({ id, state, percent, jobs, items }: GroupView, batches: readonly JobView[]) {
  const accounts = [...new Set(batches.map(({ lane }) => lane ?? ''))].sort()
  return {
    ...{ operationId: id, status: statuses[state], progress: Math.floor(percent) },
    ...{ totalBatches: jobs.total, completedBatches: jobs.ended },
    ...{ processedJobs: items.done, failedJobs: items.failed },
    accounts: accounts.map(account => ({ operationId: id, ...accountState(account, batches) })),
  }
}

function accountState(accountId: string, batches: readonly JobView[]) {
  const own = batches.filter(({ lane }) => lane === accountId)
  const ends = own.flatMap(({ endedAt }) => endedAt ?? [])
  const next = ends.length < own.length ? ends.length + 1 : null
  return {
    ...{ accountId, currentBatch: next ?? own.length, totalBatches: own.length },
    ...{
      status: next ? 'processing' : 'completed',
      lastBatchCompleted: ends.length,
      nextBatchToProcess: next,
    },
    startTime: own.flatMap(({ startedAt }) => startedAt ?? []).sort()[0] ?? null,
    endTime: next ? null : (ends.sort().at(-1) ?? null),
  }
}
