import { expect, test } from 'vitest'
import { z } from 'zod'
import { createRunner, defineProcessor, LeaseLostError, memoryStore } from '../../src/index.js'
import { fakeClock, faultyStore, runToEnd } from '../../src/testing/index.js'
import { deferred, setup } from '../setup.js'

test('a job that takes ten leases is worked once, for its lease is renewed', async () => {
  const end = deferred()
  let runs = 0
  const long = defineProcessor({
    name: 'long',
    input: z.null(),
    run: () => {
      runs++
      return end.promise
    },
  })
  const { runner, another, clock } = setup([long], { leaseMs: 3_000 })
  const { id } = await runner.enqueue(long, null)
  const pass = runner.work()

  await clock.advance(30_000)
  expect(await another().work(), 'nothing is due for others').toMatchObject({ slices: 0 })
  end.resolve()
  await pass

  expect(runs).toBe(1)
  expect(await runner.get(id)).toMatchObject({ state: 'completed', crashes: 0 })
})

/** Two processes on one store. The first one's way to the store is cut when the test says so. */
function twoProcesses(
  run: (context: { token: number; signal: AbortSignal; checkpoint(at: string): Promise<void> }) => unknown,
) {
  const clock = fakeClock()
  const store = memoryStore({ clock })
  const job = defineProcessor({ name: 'job', input: z.null(), maxCrashes: 3, run })
  const cut = { now: false }
  const unreliable = new Proxy(store, {
    get(target, name) {
      const member = Reflect.get(target, name)
      const isCut = cut.now && typeof member === 'function'
      return isCut ? () => Promise.reject(new Error('unreachable')) : member
    },
  })
  const runnerOn = (kept: typeof store) =>
    createRunner({ store: kept, clock, random: () => 0.5, leaseMs: 3_000, processors: [job] })
  return { clock, job, cut, first: runnerOn(unreliable), second: runnerOn(store) }
}

test('a worker that loses touch with the store stops its handler, and can write nothing when it is back', async () => {
  const refused = deferred<unknown>()
  const stopped = deferred<unknown>()
  const end = deferred()
  const { clock, job, cut, first, second } = twoProcesses(async ({ token, signal, checkpoint }) => {
    if (token > 1) return `by token ${token}`
    signal.addEventListener('abort', () => stopped.resolve(signal.reason))
    await end.promise
    return checkpoint('stale').catch(refused.resolve)
  })
  const lost: unknown[] = []
  first.on('lost', (_, error) => lost.push(error))
  const { id } = await second.enqueue(job, null)
  const pass = first.work()
  await clock.advance(10)

  cut.now = true
  await clock.advance(10_000)
  expect(await stopped.promise).toBeDefined()
  await runToEnd(second, clock)
  cut.now = false
  end.resolve()
  expect(await refused.promise).toBeInstanceOf(LeaseLostError)
  await clock.advance(10_000)
  await pass

  expect(lost).toHaveLength(1)
  expect(await second.get(id)).toMatchObject({ state: 'completed', output: 'by token 2' })
})

test('a job whose workers keep dying fails after three of them, visibly, and a retry starts afresh', async () => {
  const clock = fakeClock()
  const store = memoryStore({ clock })
  let runs = 0
  const poison = defineProcessor({
    name: 'poison',
    input: z.null(),
    run: () => {
      runs++
      return new Promise(() => {})
    },
  })
  const { id } = await createRunner({ store, clock, processors: [poison] }).enqueue(poison, null)

  for (let process = 0; process < 3; process++) {
    const dying = faultyStore(store, { nth: 4, fault: 'crash_before' })
    createRunner({ store: dying, clock, processors: [poison], retention: false })
      .work()
      .catch(() => {})
    await clock.advance(60_000)
  }
  expect(runs).toBe(3)
  const survivor = createRunner({ store, clock, processors: [poison] })
  await survivor.work()

  expect(runs, 'the fourth worker does not even try').toBe(3)
  expect(await survivor.get(id)).toMatchObject({
    state: 'failed',
    crashes: 3,
    errors: { last: { code: 'crashed' } },
  })
  expect(await survivor.retry(id)).toMatchObject({ state: 'waiting', crashes: 0 })
})

test('a processor that this worker does not know stays for one that does', async () => {
  const known = defineProcessor({ name: 'known', input: z.null(), run: () => {} })
  const unknown = defineProcessor({ name: 'unknown', input: z.null(), run: () => {} })
  const { runner, store, clock } = setup([known])
  const { id } = await createRunner({ store, clock, processors: [unknown] }).enqueue(unknown, null)

  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({ state: 'waiting', attempts: 0 })
})

test('no more of a lane run at once than its limit, over two workers', async () => {
  let running = 0
  let most = 0
  const laned = defineProcessor({
    name: 'laned',
    input: z.number(),
    lane: account => ({ key: `account-${account}`, limit: 2 }),
    run: async ({ call }) => {
      most = Math.max(most, ++running)
      await call(() => {})
      await new Promise<void>(resolve => setImmediate(resolve))
      running--
    },
  })
  const { runner, another, clock } = setup([laned])
  await runner.enqueueMany(
    laned,
    Array.from({ length: 20 }, () => ({ input: 1 })),
  )

  await Promise.all([runToEnd(runner, clock), runToEnd(another(), clock)])

  expect(most).toBe(2)
  expect((await runner.stats()).states.completed).toBe(20)
})
