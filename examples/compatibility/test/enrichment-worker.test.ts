import { defineProcessor } from '@longhaul/core'
import type { Secrets } from '@longhaul/http'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { enrichmentJob, enrichmentWorkerRoutes } from '../src/enrichment-worker.js'
import { ask, bearerOf, instant, runnerWith, states } from './setup.js'

const environment = { region: 'fra1', env: 'test' }

function setup({ token = 'worker-token' }: { token?: Secrets } = {}) {
  const enrich = defineProcessor({
    name: 'enrich_account',
    input: z.object({ domain: z.string() }),
    retry: { attempts: 1 },
    run: ({ input, progress }) => {
      progress({ done: 1, total: 2 })
      if (input.domain === 'gone.example') throw new Error('No such company')
      return { name: input.domain }
    },
  })
  const runner = runnerWith(enrich)
  return {
    runner,
    enrich,
    routes: enrichmentWorkerRoutes(runner, { token, workerId: 'worker-1', environment }),
  }
}

const run = 'POST /api/jobs/worker'
const brought = { headers: bearerOf('worker-token') }

describe('the enrichment worker', () => {
  test('says how it is', async () => {
    const { routes } = setup()
    expect(await ask(routes, 'GET /api/jobs/worker', { headers: {} })).toEqual({
      status: 200,
      json: {
        ...{ status: 'healthy', worker_exists: true, worker_id: 'worker-1' },
        ...{ timestamp: expect.stringMatching(instant), environment },
      },
    })
  })

  test('works when it is told to, and sums up', async () => {
    const { runner, enrich, routes } = setup()
    for (const domain of ['a.example', 'gone.example', 'b.example']) await runner.enqueue(enrich, { domain })
    const { status, json } = await ask(routes, run, brought)
    const counts = { processed: 3, completed: 2, failed: 1 }
    expect([status, json]).toEqual([
      200,
      {
        ...{ success: true, worker_id: 'worker-1', timestamp: expect.stringMatching(instant) },
        summary: { ...counts, duration_ms: expect.any(Number), has_more: false },
      },
    ])
    expect((await ask(routes, run, brought)).json.summary).toMatchObject({
      processed: 0,
      completed: 0,
      failed: 0,
    })
  })

  test.each([
    ['worker-token', {}],
    ['worker-token', bearerOf('wrong')],
    ['', bearerOf('')],
    [[undefined], bearerOf('undefined')],
  ])('does nothing for strangers, with %j set and %j brought', async (token, headers) => {
    const { runner, enrich, routes } = setup({ token })
    await runner.enqueue(enrich, { domain: 'a.example' })
    expect((await ask(routes, run, { headers })).status).toBe(401)
    expect((await runner.stats()).states.waiting).toBe(1)
  })

  test('shows a job as a row', async () => {
    const { runner, enrich } = setup()
    const { id } = await runner.enqueue(enrich, { domain: 'gone.example' }, { tenant: 'w1' })
    await runner.work()
    expect(enrichmentJob((await runner.get(id))!)).toEqual({
      ...{ id, workspace_id: 'w1', job_type: 'enrich_account', status: 'failed', progress: 50 },
      ...{ payload: { domain: 'gone.example' }, result: null, error_message: 'No such company' },
      started_at: expect.stringMatching(instant),
      completed_at: expect.stringMatching(instant),
      created_at: expect.stringMatching(instant),
    })
  })

  test('has a name for each state', async () => {
    const { runner, enrich } = setup()
    const job = await runner.enqueue(enrich, { domain: 'a.example' })
    expect(states.map(state => enrichmentJob({ ...job, state }).status)).toEqual([
      ...['pending', 'pending', 'processing', 'pending'],
      ...['completed', 'completed', 'failed', 'failed'],
    ])
  })
})
