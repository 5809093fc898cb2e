import { defineProcessor } from '@longhaul/core'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type StatsInput, statsJobRoutes, statsStatuses } from '../src/stats-jobs.js'
import { ask, authorize, runnerWith } from './setup.js'

function setup() {
  const processor = defineProcessor({ name: 'update-stats', input: z.custom<StatsInput>(), run() {} })
  const runner = runnerWith(processor)
  const fallenBack: StatsInput[] = []
  const fallback = async (input: StatsInput) => {
    fallenBack.push(input)
    return { total: 10, successful: 10, failed: 0 }
  }
  return { runner, fallenBack, routes: statsJobRoutes(runner, { authorize, processor, fallback }) }
}

const path = 'POST /api/admin/enqueue-stats-job'

describe('stats jobs', () => {
  test.each([
    ['admin', 1, 'r1', { triggeredBy: 'admin' }],
    ['cron', 1, 'r1', { triggeredBy: 'cron' }],
    ['match', 2, 'm1', { triggeredBy: 'post-match', matchId: 'm1' }],
  ])('are queued by %s, with the priority %i', async (trigger, priority, correlationId, body) => {
    const { runner, routes } = setup()
    const { status, json } = await ask(routes, path, { body: { ...body, requestId: 'r1' } })
    expect([status, json]).toEqual([
      202,
      {
        ...{ success: true, jobId: expect.any(String), status: 'queued', requestId: 'r1' },
        ...{ triggeredBy: body.triggeredBy, priority },
      },
    ])
    expect(await runner.get(json.jobId)).toMatchObject({
      ...{ trigger, priority, correlationId },
      input: { ...body, requestId: 'r1', userId: 'ada', timestamp: expect.any(String) },
    })
  })

  test('are one job for one request, however often it is sent', async () => {
    const { routes } = setup()
    const body = { triggeredBy: 'admin', requestId: 'r1' }
    const [first, second] = [await ask(routes, path, { body }), await ask(routes, path, { body })]
    expect(second.json).toEqual(first.json)
  })

  test('have a request id of their own unless one is brought', async () => {
    const { routes } = setup()
    const body = { triggeredBy: 'admin' }
    const [first, second] = [await ask(routes, path, { body }), await ask(routes, path, { body })]
    expect(first.json.requestId).not.toBe(second.json.requestId)
    expect(first.json.jobId).not.toBe(second.json.jobId)
  })

  test.each([
    ['trigger_off', { enabled: true, triggers: { admin: false } }],
    ['switched_off', { enabled: false }],
  ])('are done at once when the flags say so: %s', async (reason, flags) => {
    const { runner, routes, fallenBack } = setup()
    await runner.flags.set(flags)
    const { status, json } = await ask(routes, path, { body: { triggeredBy: 'admin', requestId: 'r1' } })
    expect([status, json]).toEqual([
      200,
      {
        ...{ success: true, jobId: null, status: 'completed', requestId: 'r1', triggeredBy: 'admin' },
        ...{ fallback: reason, result: { total: 10, successful: 10, failed: 0 } },
      },
    ])
    expect(fallenBack).toMatchObject([{ requestId: 'r1', userId: 'ada' }])
  })

  test('are done at once when no job can be stored', async () => {
    const { runner, routes } = setup()
    await runner.close()
    const { json } = await ask(routes, path, { body: { triggeredBy: 'cron' } })
    expect(json).toMatchObject({ success: true, fallback: 'enqueue_failed' })
  })

  test.each([{}, { triggeredBy: 'someone' }, { triggeredBy: 'post-match' }])(
    'are refused for %j',
    async body => {
      const { routes, fallenBack } = setup()
      expect(await ask(routes, path, { body })).toEqual({ status: 400, json: { error: expect.any(String) } })
      expect(fallenBack).toEqual([])
    },
  )

  test('are for those who may', async () => {
    const { routes } = setup()
    expect((await ask(routes, path, { headers: {}, body: { triggeredBy: 'admin' } })).status).toBe(401)
  })

  test('have a name for each state', () => {
    expect(Object.entries(statsStatuses)).toEqual([
      ['blocked', 'queued'],
      ['waiting', 'queued'],
      ['running', 'processing'],
      ['paused', 'queued'],
      ['completed', 'completed'],
      ['completed_with_errors', 'failed'],
      ['failed', 'failed'],
      ['cancelled', 'failed'],
    ])
  })
})
