import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor } from '../../src/index.js'
import { deferred, setup } from '../setup.js'

/** A handler that runs until the test lets it go, whatever its signal says. */
function deaf(more: { timeoutMs?: number; attempts?: number } = {}) {
  const returns = [deferred(), deferred()]
  let [runs, beside, most] = [0, 0, 0]
  const job = defineProcessor({
    name: 'deaf',
    input: z.null(),
    ...(more.timeoutMs === undefined ? {} : { timeoutMs: more.timeoutMs }),
    retry: { attempts: more.attempts ?? 2, backoff: { type: 'fixed', delayMs: 1_000, jitter: 'none' } },
    run: async () => {
      most = Math.max(most, ++beside)
      await returns[runs++]?.promise
      beside--
    },
  })
  const quick = defineProcessor({ name: 'quick', input: z.null(), run: () => 'done' })
  const all = setup([job, quick], { concurrency: 1, stuckAfterMs: 10_000 })
  const stuck: unknown[] = []
  all.runner.on('stuck', (_, error) => stuck.push(error))
  return { ...all, job, quick, returns, stuck, runs: () => runs, most: () => most }
}

test('a handler that takes no notice of its time limit loses its job, and its slot goes to others', async () => {
  const { runner, clock, job, quick, stuck, returns } = deaf({ timeoutMs: 5_000, attempts: 1 })
  const { id } = await runner.enqueue(job, null)
  const other = await runner.enqueue(quick, null)
  const pass = runner.work()

  await clock.advance(14_000)
  expect(await runner.get(id)).toMatchObject({ state: 'running' })
  await clock.advance(2_000)
  await pass
  expect(stuck).toMatchObject([{ code: 'handler_stuck' }])
  expect(await runner.get(id)).toMatchObject({ state: 'failed', errors: { last: { code: 'timed_out' } } })
  expect(await runner.get(other.id)).toMatchObject({ state: 'completed' })
  returns[0]?.resolve()
})

test('its job has no second attempt beside it in one process, and gets one when it has returned', async () => {
  const { runner, clock, job, returns, runs, most } = deaf({ timeoutMs: 5_000 })
  const { id } = await runner.enqueue(job, null)
  void runner.start()
  await clock.advance(60_000)
  expect(runs()).toBe(1)
  expect(await runner.get(id)).toMatchObject({ state: 'waiting', attempts: 1, crashes: 0, interruptions: 0 })

  returns[0]?.resolve()
  returns[1]?.resolve()
  await clock.advance(10_000)
  expect(await runner.get(id)).toMatchObject({ state: 'completed' })
  expect([runs(), most()]).toEqual([2, 1])
  await runner.stop()
})

test('a second pass of the same runner does not run it beside itself either', async () => {
  const { runner, clock, job, returns, runs, most } = deaf()
  const { id } = await runner.enqueue(job, null)
  const first = runner.work({ budgetMs: 1_000 })
  await clock.advance(1_100)
  await first
  expect(await runner.get(id)).toMatchObject({ state: 'waiting', interruptions: 1 })

  await runner.work()
  expect(runs()).toBe(1)
  returns[0]?.resolve()
  returns[1]?.resolve()
  await clock.advance(5_000)
  await runner.work()
  expect(await runner.get(id)).toMatchObject({ state: 'completed', interruptions: 1 })
  expect([runs(), most()]).toEqual([2, 1])
})

test('what it saves after it was declared stuck is refused', async () => {
  const goOn = deferred()
  const refused = deferred<unknown>()
  const job = defineProcessor({
    name: 'late',
    input: z.null(),
    timeoutMs: 1_000,
    retry: { attempts: 1 },
    run: async ({ checkpoint }) => {
      await goOn.promise
      await checkpoint('late').catch(refused.resolve)
    },
  })
  const { runner, store, clock } = setup([job], { stuckAfterMs: 1_000 })
  const { id } = await runner.enqueue(job, null)
  const pass = runner.work()
  await clock.advance(3_000)
  await pass
  goOn.resolve()
  expect(await refused.promise).toMatchObject({ code: 'lease_lost' })
  expect(await store.get(id)).toMatchObject({ state: 'failed', cursor: null })
})

test('a process whose event loop stood still for longer than a lease says so', async () => {
  const job = defineProcessor({ name: 'job', input: z.null(), run: () => new Promise(() => {}) })
  const { runner, clock } = setup([job], { leaseMs: 3_000 })
  const errors: unknown[] = []
  runner.on('error', error => errors.push(error))
  await runner.enqueue(job, null)
  void runner.start()
  await clock.advance(2_000)
  expect(errors).toEqual([])

  clock.standStill(20_000)
  await clock.advance(2_000)
  expect(errors).toMatchObject([{ code: 'event_loop_blocked' }])
  await Promise.all([runner.stop({ graceMs: 100 }), clock.advance(1_000)])
})
