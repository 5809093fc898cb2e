import { defineProcessor } from '@longhaul/core'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { updateCleanupRoutes, updateCleanupStatus } from '../src/update-cleanup.js'
import { ask, authorize, instant, runnerWith, states } from './setup.js'

/** Of every ten jobs five are updated, two deleted, one fails and two are as they were. */
const kinds = [
  'updated',
  'updated',
  'deleted',
  'unchanged',
  'failed',
  'updated',
  'updated',
  'deleted',
  'unchanged',
  'updated',
]

const processor = defineProcessor({
  name: 'update-cleanup',
  input: z.object({ accountId: z.string() }),
  onItemError: { tolerate: { ratio: 0.5 } },
  total: () => 40,
  items: ({ cursor, limit }) => idsBehind(cursor ?? 0, limit),
  each: (id: number, { count }) => {
    const kind = kinds[id % 10] ?? 'unchanged'
    if (kind === 'failed') throw new Error(`${id} is refused`)
    count(kind)
  },
  batchSize: 5,
})

function idsBehind(behind: number, limit: number): [number, number][] {
  const length = Math.min(limit, 40 - behind)
  return Array.from({ length }, (_, index) => [behind + index + 1, behind + index + 1])
}

function setup() {
  const runner = runnerWith(processor)
  const accounts = new Map([
    ['a1', { apiToken: 'token', jobs: 1_500 }],
    ['a2', { apiToken: undefined, jobs: 3 }],
  ])
  const findAccount = async (id: string) => accounts.get(id)
  const routes = updateCleanupRoutes(runner, { authorize, processor, findAccount })
  return { runner, routes }
}

const statusKeys = [
  ...['jobId', 'status', 'progress', 'totalJobs', 'processedJobs', 'updatedJobs', 'deletedJobs'],
  ...['failedUpdates', 'unchangedJobs', 'startTime', 'duration', 'estimatedTimeRemaining'],
]

describe('update and cleanup', () => {
  test('starts, and says where to ask for it', async () => {
    const { routes } = setup()
    const { status, json } = await ask(routes, 'POST /api/update-cleanup-jobs/a1')
    expect(status).toBe(202)
    expect(json).toEqual({
      message: 'Update and cleanup started',
      jobId: expect.any(String),
      status: 'processing',
      totalJobs: 1_500,
      progress: 0,
      statusEndpoint: `/api/update-cleanup-status/${json.jobId}`,
      estimatedDuration: '30 minutes',
    })
    expect((await ask(routes, `GET ${json.statusEndpoint}`)).json).toMatchObject({ status: 'processing' })
  })

  test('refuses an account that is not there, or has no token', async () => {
    const { routes } = setup()
    expect(await ask(routes, 'POST /api/update-cleanup-jobs/nope')).toMatchObject({ status: 404 })
    expect(await ask(routes, 'POST /api/update-cleanup-jobs/a2')).toEqual({
      status: 400,
      json: { error: 'The account has no API token' },
    })
  })

  test('shows numbers that add up, halfway and at the end', async () => {
    const { runner, routes } = setup()
    const { json: job } = await ask(routes, 'POST /api/update-cleanup-jobs/a1')
    for (const done of [20, 40]) {
      await runner.work({ maxItems: 20 })
      const { json } = await ask(routes, `GET ${job.statusEndpoint}`)
      expect(Object.keys(json)).toEqual(statusKeys)
      const { updatedJobs, deletedJobs, failedUpdates, unchangedJobs } = json
      expect(json).toMatchObject({ processedJobs: done, totalJobs: 40, progress: (done / 40) * 100 })
      expect([updatedJobs, deletedJobs, failedUpdates, unchangedJobs].map(count => count / done)).toEqual([
        0.5, 0.2, 0.1, 0.2,
      ])
      expect(updatedJobs + deletedJobs + failedUpdates + unchangedJobs).toBe(json.processedJobs)
    }
    const { json } = await ask(routes, `GET ${job.statusEndpoint}`)
    expect(json).toMatchObject({ status: 'completed', estimatedTimeRemaining: null })
    expect(json.startTime).toMatch(instant)
    expect((await runner.get(job.jobId))?.counters.unchanged).toBe(json.unchangedJobs)
  })

  test('lists what goes on, and counts all', async () => {
    const { runner, routes } = setup()
    await ask(routes, 'POST /api/update-cleanup-jobs/a1')
    await runner.work()
    const { json: second } = await ask(routes, 'POST /api/update-cleanup-jobs/a1')
    const { json } = await ask(routes, 'GET /api/update-cleanup-jobs')
    expect(json).toEqual({
      jobs: [expect.objectContaining({ jobId: second.jobId, status: 'processing' })],
      summary: { total: 2, active: 1, completed: 1, failed: 0 },
    })
  })

  test('calls an end an end, whatever it was', async () => {
    const { runner } = setup()
    const view = await runner.enqueue(processor, { accountId: 'a1' })
    expect(states.map(state => [state, updateCleanupStatus({ ...view, state }, 0).status])).toEqual([
      ['blocked', 'processing'],
      ['waiting', 'processing'],
      ['running', 'processing'],
      ['paused', 'processing'],
      ['completed', 'completed'],
      ['completed_with_errors', 'completed'],
      ['failed', 'failed'],
      ['cancelled', 'failed'],
    ])
  })

  test('tells the time that is left in seconds, and the duration in milliseconds', async () => {
    const { runner } = setup()
    const view = await runner.enqueue(processor, { accountId: 'a1' })
    const eta = { remainingMs: 2_199_500, lowMs: 0, highMs: 0 }
    const job = { ...view, eta, startedAt: '2026-01-01T00:00:00.000Z' }
    const now = Date.parse('2026-01-01T00:30:00.000Z')
    expect(updateCleanupStatus(job, now)).toMatchObject({
      duration: 1_800_000,
      estimatedTimeRemaining: 2_200,
    })
  })

  test('lets no stranger in, and shows a job to nobody else', async () => {
    const { routes } = setup()
    const { json } = await ask(routes, 'POST /api/update-cleanup-jobs/a1')
    const status = `GET ${json.statusEndpoint}`
    for (const route of ['POST /api/update-cleanup-jobs/a1', status, 'GET /api/update-cleanup-jobs']) {
      const refused = { status: 401, json: { error: 'Unauthorized' } }
      expect(await ask(routes, route, { headers: {} })).toEqual(refused)
    }
    const headers = { 'test-user': 'other' }
    expect(await ask(routes, status, { headers })).toMatchObject({ status: 404 })
    expect((await ask(routes, 'GET /api/update-cleanup-jobs', { headers })).json.summary.total).toBe(0)
  })
})
