import { defineProcessor } from '@longhaul/core'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { jobStats, siteJob, siteJobRoutes } from '../src/site-jobs.js'
import { ada, ask, authorize, bearerOf, instant, runnerWith, states } from './setup.js'

function setup({ cronSecret = 'cron-secret' }: { cronSecret?: string } = {}) {
  const crawl = defineProcessor({
    name: 'CRAWL_SITE',
    input: z.object({ siteId: z.string(), maxPages: z.number(), userId: z.string().nullable() }),
    retry: { attempts: 1 },
    run: ({ input }) => {
      if (input.siteId === 'gone') throw new Error('The site is gone')
      return { success: true, pagesAnalyzed: input.maxPages, issuesFound: 2 }
    },
  })
  const cleanup = defineProcessor({
    name: 'CLEANUP_ROLLBACKS',
    input: z.object({ daysOld: z.number() }),
    run() {},
  })
  const usage = defineProcessor({ name: 'RESET_USAGE', input: z.object({ month: z.string() }), run() {} })
  const runner = runnerWith(crawl, cleanup, usage)
  return { runner, routes: siteJobRoutes(runner, { authorize, cronSecret, crawl, cleanup, usage }), crawl }
}

const cron = { headers: bearerOf('cron-secret') }
const accepted = { success: true, jobId: expect.any(String), message: 'Job queued' }

describe('site jobs', () => {
  test('takes a crawl, with ten pages unless told otherwise', async () => {
    const { runner, routes } = setup()
    const { status, json } = await ask(routes, 'POST /api/jobs/crawl', { body: { siteId: 's1' } })
    expect([status, json]).toEqual([202, accepted])
    expect(await runner.get(json.jobId)).toMatchObject({
      ...{ processor: 'CRAWL_SITE', priority: 5, tenant: 'acme' },
      input: { siteId: 's1', maxPages: 10, userId: 'ada' },
    })
  })

  test.each([{}, { siteId: '' }, { siteId: 's1', maxPages: 0 }, 'no'])('refuses to crawl %j', async body => {
    const { routes } = setup()
    const { status, json } = await ask(routes, 'POST /api/jobs/crawl', { body })
    expect([status, json]).toEqual([400, { error: expect.any(String) }])
  })

  test('lets no stranger in', async () => {
    const { routes } = setup()
    for (const route of ['POST /api/jobs/crawl', 'POST /api/jobs/cleanup', 'GET /api/jobs/1/status']) {
      expect((await ask(routes, route, { headers: {} })).status).toBe(401)
    }
  })

  test('cleans up for an admin alone', async () => {
    const { runner, routes } = setup()
    const body = { daysOld: 30 }
    expect(await ask(routes, 'POST /api/jobs/cleanup', { body })).toEqual({
      status: 403,
      json: { error: 'Forbidden' },
    })
    const { json } = await ask(routes, 'POST /api/jobs/cleanup', { body, headers: { 'test-user': 'root' } })
    expect(json).toEqual(accepted)
    expect(await runner.get(json.jobId)).toMatchObject({ input: body, priority: 2 })
  })

  test('shows a job before and after', async () => {
    const { runner, routes } = setup()
    const { json } = await ask(routes, 'POST /api/jobs/crawl', { body: { siteId: 's1' } })
    const waiting = {
      ...{ id: json.jobId, type: 'CRAWL_SITE', status: 'PENDING', progress: 0, result: null, error: null },
      ...{ attempts: 0, maxAttempts: 3, scheduledFor: expect.stringMatching(instant), startedAt: null },
      ...{
        completedAt: null,
        createdAt: expect.stringMatching(instant),
        updatedAt: expect.stringMatching(instant),
      },
    }
    const path = `GET /api/jobs/${json.jobId}/status`
    expect((await ask(routes, path)).json).toEqual({ success: true, job: waiting })
    await runner.work()
    expect((await ask(routes, path)).json.job).toMatchObject({
      status: 'COMPLETED',
      result: { success: true, pagesAnalyzed: 10, issuesFound: 2 },
      completedAt: expect.stringMatching(instant),
    })
  })

  test('says why a job failed', async () => {
    const { runner, routes } = setup()
    const { json } = await ask(routes, 'POST /api/jobs/crawl', { body: { siteId: 'gone' } })
    await runner.work()
    const { job } = (await ask(routes, `GET /api/jobs/${json.jobId}/status`)).json
    expect(job).toMatchObject({ status: 'FAILED', error: 'The site is gone', attempts: 1 })
  })

  test.each(['GET', 'POST'])('works up to five jobs when cron calls by %s', async method => {
    const { routes } = setup()
    for (let site = 1; site <= 6; site++) {
      await ask(routes, 'POST /api/jobs/crawl', { body: { siteId: `s${site}` } })
    }
    const stats = { pending: 1, processing: 0, completed: 5, failed: 0, cancelled: 0, total: 6 }
    const { json } = await ask(routes, `${method} /api/cron/process-jobs`, cron)
    expect(json).toEqual({ success: true, processed: 5, stats })
    expect((await ask(routes, 'POST /api/jobs/process', cron)).json).toMatchObject({ processed: 1 })
  })

  test.each([
    ['daily', 'CLEANUP_ROLLBACKS', { daysOld: 90 }],
    ['monthly', 'RESET_USAGE', { month: expect.stringMatching(/^\d{4}-\d\d$/) }],
  ])('makes one job by the %s cron, however often it calls', async (name, processor, input) => {
    const { runner, routes } = setup()
    const calls = [
      await ask(routes, `GET /api/cron/${name}`, cron),
      await ask(routes, `GET /api/cron/${name}`, cron),
    ]
    expect(calls.map(({ json }) => json)).toEqual([accepted, accepted])
    const { jobs } = await runner.list({ processors: [processor] })
    expect(jobs).toHaveLength(1)
    expect((await runner.get(jobs[0]!.id))?.input).toEqual(input)
  })

  test.each([
    ['cron-secret', {}],
    ['cron-secret', ada],
    ['cron-secret', bearerOf('wrong')],
    ['', bearerOf('')],
    ['', { authorization: 'Bearer undefined' }],
  ])('lets nobody in for cron, with %j set and %j brought', async (cronSecret, headers) => {
    const { runner, routes } = setup({ cronSecret })
    const paths = ['cron/process-jobs', 'cron/daily', 'cron/monthly'].map(path => `GET /api/${path}`)
    for (const path of [...paths, 'POST /api/jobs/process']) {
      expect(await ask(routes, path, { headers })).toEqual({ status: 401, json: { error: 'Unauthorized' } })
    }
    expect((await runner.list()).jobs).toEqual([])
  })

  test('has a name for each state, and counts each once', async () => {
    const { runner, crawl } = setup()
    const job = await runner.enqueue(crawl, { siteId: 's1', maxPages: 1, userId: null })
    expect(states.map(state => siteJob({ ...job, state }).status)).toEqual([
      ...['PENDING', 'PENDING', 'PROCESSING', 'PENDING'],
      ...['COMPLETED', 'COMPLETED', 'FAILED', 'CANCELLED'],
    ])
    const counts = {
      blocked: 1,
      waiting: 2,
      running: 2,
      paused: 2,
      completed: 1_000,
      completed_with_errors: 234,
    }
    expect(jobStats({ ...counts, failed: 12, cancelled: 3 })).toEqual({
      ...{ pending: 5, processing: 2, completed: 1_234, failed: 12, cancelled: 3, total: 1_256 },
    })
  })
})
