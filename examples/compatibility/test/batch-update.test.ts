import { defineProcessor } from '@longhaul/core'
import { bearer } from '@longhaul/http'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { batch, batchUpdateRoutes } from '../src/batch-update.js'
import { ask, authorize, bearerOf, instant, runnerWith, states } from './setup.js'

/** Two accounts, with 25 and 5 jobs; the seventh of the first one fails as long as it is `down`. */
function setup({ secret = 'work-secret' }: { secret?: string | undefined } = {}) {
  const down = new Set(['a-7'])
  const order: string[] = []
  const processor = defineProcessor({
    name: 'update-batch',
    input: z.object({ accountId: z.string(), batchNumber: z.number(), jobUUIDs: z.array(z.string()) }),
    onItemError: { tolerate: { ratio: 1 } },
    total: ({ input }) => input.jobUUIDs.length,
    items: ({ input, cursor, limit }) => {
      const behind = cursor ?? 0
      const page = input.jobUUIDs.slice(behind, behind + limit)
      return page.map((uuid, index): [number, string] => [behind + index + 1, uuid])
    },
    each: (uuid: string) => {
      order.push(uuid)
      if (down.has(uuid)) throw new Error(`${uuid} is refused`)
    },
  })
  const uuids = (account: string, length: number) =>
    Array.from({ length }, (_, index) => `${account}-${index + 1}`)
  const accounts = async () => new Map(Object.entries({ a: uuids('a', 25), b: uuids('b', 5) }))
  const runner = runnerWith(processor)
  const authorizeWork = bearer(secret, { roles: ['act'], tenant: null })
  const routes = batchUpdateRoutes(runner, { authorize, authorizeWork, processor, accounts })
  return { runner, routes, down, order }
}

async function firstBatch({ runner }: ReturnType<typeof setup>): Promise<string> {
  const { jobs } = await runner.list({ lane: 'a' })
  return jobs.at(-1)?.id ?? ''
}

describe('batch update', () => {
  test('makes batches of ten for all accounts', async () => {
    const { routes } = setup()
    const { status, json } = await ask(routes, 'POST /api/init-batch-update')
    expect([status, json]).toEqual([
      202,
      { operationId: expect.any(String), status: 'processing', totalBatches: 4 },
    ])
    expect((await ask(routes, `GET /api/batch-progress/${json.operationId}`)).json).toEqual({
      operationId: json.operationId,
      status: 'pending',
      progress: 0,
      totalBatches: 4,
      completedBatches: 0,
      processedJobs: 0,
      failedJobs: 0,
      accounts: [accountState('a', 3), accountState('b', 1)].map(state => ({
        operationId: json.operationId,
        ...state,
      })),
    })
  })

  test('lets each batch of an account wait for the one before', async () => {
    const { runner, routes } = setup()
    await ask(routes, 'POST /api/init-batch-update')
    const waiting = async (lane: string) => (await runner.list({ lane, states: ['waiting'] })).jobs.length
    expect([await waiting('a'), await waiting('b')]).toEqual([1, 1])
    expect((await runner.list({ states: ['blocked'] })).jobs.map(job => job.waitsFor)).toEqual([1, 1])
  })

  test('works the batches of an account in their order, and tells how far each account is', async () => {
    const { runner, routes, order } = setup()
    const { json: operation } = await ask(routes, 'POST /api/init-batch-update')
    await runner.work()
    expect(order.filter(uuid => uuid.startsWith('a')).map(uuid => Number(uuid.slice(2)))).toEqual(
      Array.from({ length: 25 }, (_, index) => index + 1),
    )
    const { json } = await ask(routes, `GET /api/batch-progress/${operation.operationId}`)
    expect(json).toMatchObject({
      status: 'completed_with_errors',
      progress: 100,
      processedJobs: 30,
      failedJobs: 1,
    })
    expect(json.accounts[0]).toMatchObject({
      ...{ currentBatch: 3, status: 'completed', lastBatchCompleted: 3, nextBatchToProcess: null },
      ...{ startTime: expect.stringMatching(instant), endTime: expect.stringMatching(instant) },
    })
  })

  test('shows a batch with what was done and what was not, and does that again', async () => {
    const given = setup()
    const { json: operation } = await ask(given.routes, 'POST /api/init-batch-update')
    const path = `/api/process-batch/${await firstBatch(given)}`
    const { status, json } = await ask(given.routes, `POST ${path}`, { headers: bearerOf('work-secret') })
    expect([status, json]).toEqual([
      200,
      {
        ...{
          operationId: operation.operationId,
          accountId: 'a',
          batchNumber: 1,
          status: 'completed_with_errors',
        },
        jobUUIDs: ['a-1', 'a-2', 'a-3', 'a-4', 'a-5', 'a-6', 'a-7', 'a-8', 'a-9', 'a-10'],
        completedJobs: ['a-1', 'a-2', 'a-3', 'a-4', 'a-5', 'a-6', 'a-8', 'a-9', 'a-10'],
        ...{ failedJobs: ['a-7'], errors: ['a-7 is refused'], retryCount: 0 },
        ...{ startTime: expect.stringMatching(instant), endTime: expect.stringMatching(instant) },
      },
    ])

    given.down.clear()
    const retried = await ask(given.routes, `POST /api/retry-batch/${await firstBatch(given)}`)
    expect(retried).toMatchObject({ status: 202, json: { status: 'pending' } })
    await given.runner.work()
    expect(given.order.filter(uuid => uuid === 'a-7')).toHaveLength(2)
    const { json: after } = await ask(given.routes, `GET /api/batch-progress/${operation.operationId}`)
    expect(after).toMatchObject({ status: 'completed', failedJobs: 0 })
  })

  test('refuses to retry what has nothing to retry', async () => {
    const given = setup()
    await ask(given.routes, 'POST /api/init-batch-update')
    given.down.clear()
    await given.runner.work()
    expect((await ask(given.routes, `POST /api/retry-batch/${await firstBatch(given)}`)).status).toBe(409)
  })

  test('knows no operation of somebody else', async () => {
    const { routes } = setup()
    const { json } = await ask(routes, 'POST /api/init-batch-update')
    const path = `GET /api/batch-progress/${json.operationId}`
    expect((await ask(routes, path, { headers: { 'test-user': 'other' } })).status).toBe(404)
    expect((await ask(routes, path, { headers: {} })).status).toBe(401)
    expect((await ask(routes, 'POST /api/init-batch-update', { headers: {} })).status).toBe(401)
    expect((await ask(routes, 'POST /api/retry-batch/1', { headers: {} })).status).toBe(401)
  })

  test.each([
    ['no secret', 'work-secret', {}],
    ['a wrong one', 'work-secret', bearerOf('another')],
    ['an empty one while none is set', '', bearerOf('')],
  ])('lets nobody work a batch by %s', async (_, secret, headers) => {
    const given = setup({ secret })
    await ask(given.routes, 'POST /api/init-batch-update')
    const asked = await ask(given.routes, `POST /api/process-batch/${await firstBatch(given)}`, { headers })
    expect(asked).toEqual({ status: 401, json: { error: 'Unauthorized' } })
    expect(given.order).toEqual([])
  })

  test('has a name for each state', async () => {
    const given = setup()
    await ask(given.routes, 'POST /api/init-batch-update')
    const job = await given.runner.get(await firstBatch(given))
    expect(states.map(state => batch({ ...job!, state }, []).status)).toEqual([
      ...['pending', 'pending', 'processing', 'pending'],
      ...['completed', 'completed_with_errors', 'failed', 'failed'],
    ])
  })
})

function accountState(accountId: string, totalBatches: number) {
  return {
    ...{ accountId, currentBatch: 1, totalBatches, status: 'processing' },
    ...{ lastBatchCompleted: 0, nextBatchToProcess: 1, startTime: null, endTime: null },
  }
}
