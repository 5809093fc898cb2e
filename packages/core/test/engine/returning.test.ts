import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor } from '../../src/index.js'
import { fakeClock } from '../../src/testing/index.js'
import { setup } from '../setup.js'

type Setup = ReturnType<typeof setup>

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>(resolve => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** Told to stop, it returns nothing the first time, and is done at once the second. */
function leavingOff(more: { timeoutMs?: number } = {}) {
  let runs = 0
  return defineProcessor({
    name: 'leaves-off',
    input: z.null(),
    retry: { attempts: 1 },
    ...more,
    run: async ({ signal }) => {
      if (runs++ === 0) await untilAborted(signal)
    },
  })
}

/** What became of a job whose handler has run for a second when something stops it. */
async function stoppedBy(
  stop: (runner: Setup['runner'], id: string) => unknown,
  { timeoutMs, deadlineMs }: { timeoutMs?: number; deadlineMs?: number } = {},
) {
  const job = leavingOff(timeoutMs ? { timeoutMs } : {})
  const { runner, clock } = setup([job])
  const { id } = await runner.enqueue(job, null, deadlineMs ? { deadlineMs } : {})
  await runner.start()
  await clock.advance(1_000)
  const stopping = stop(runner, id)
  await clock.advance(20_000)
  await stopping
  const stopped = runner.stop({ graceMs: 1_000 })
  await clock.advance(1_000)
  await stopped
  return runner.get(id)
}

describe('a handler that returns nothing once it was told to stop', () => {
  test('has its job worked on by others after a stop', async () => {
    expect(await stoppedBy(runner => runner.stop({ graceMs: 5_000 }))).toMatchObject({
      state: 'waiting',
      attempts: 0,
    })
  })

  test('has its job cancelled', async () => {
    expect(await stoppedBy((runner, id) => runner.cancel(id))).toMatchObject({ state: 'cancelled' })
  })

  test('has its job paused', async () => {
    expect(await stoppedBy((runner, id) => runner.pause(id))).toMatchObject({ state: 'paused' })
  })

  test('has failed when its time was over', async () => {
    const job = await stoppedBy(() => {}, { timeoutMs: 5_000 })
    expect(job).toMatchObject({ state: 'failed', errors: { last: { code: 'timed_out' } } })
  })

  test('has failed when the deadline of its job was over', async () => {
    const job = await stoppedBy(() => {}, { deadlineMs: 5_000 })
    expect(job).toMatchObject({ state: 'failed', errors: { last: { code: 'deadline_exceeded' } } })
  })

  test('goes on in the next pass where a budget is over', async () => {
    const job = leavingOff()
    const { runner, clock } = setup([job])
    const { id } = await runner.enqueue(job, null)
    const pass = runner.work({ budgetMs: 5_000 })
    await clock.advance(5_000)
    await pass
    expect(await runner.get(id)).toMatchObject({ state: 'waiting', attempts: 0 })
    await runner.work({ budgetMs: 5_000 })
    expect(await runner.get(id)).toMatchObject({ state: 'completed' })
  })

  test('goes on in the next pass where it asked whether to yield', async () => {
    const clock = fakeClock()
    const steps = defineProcessor({
      name: 'steps',
      input: z.null(),
      run: async ({ cursor, checkpoint, shouldYield }) => {
        for (let step = Number(cursor ?? 0); step < 10; step++) {
          if (shouldYield()) return
          await clock.sleep(1_000)
          await checkpoint(step + 1)
        }
      },
    })
    const { runner } = setup([steps], { clock })
    const { id } = await runner.enqueue(steps, null)
    const pass = runner.work({ budgetMs: 5_000 })
    await clock.advance(6_000)
    await pass
    expect(await runner.get(id)).toMatchObject({ state: 'waiting', attempts: 0 })
    const rest = runner.work()
    await clock.advance(10_000)
    await rest
    expect(await runner.get(id)).toMatchObject({ state: 'completed' })
  })
})

/** Whole numbers from 1 on. */
const upTo =
  (last: number) =>
  ({ cursor }: { readonly cursor: number | null }) =>
    Array.from({ length: last - (cursor ?? 0) }, (_, place) => (cursor ?? 0) + place + 1).map(
      item => [item, item] as const,
    )

describe('an item whose handler returns nothing once it was told to stop', () => {
  test('is worked again, and counts once', async () => {
    const clock = fakeClock()
    const done: number[] = []
    const walk = defineProcessor({
      name: 'walk',
      input: z.null(),
      timeoutMs: 5_000,
      retry: { attempts: 3, backoff: { type: 'fixed', delayMs: 0 } },
      items: upTo(6),
      each: async (item, { signal }) => {
        await clock.sleep(2_000, { signal })
        if (signal.aborted) return
        done.push(item)
      },
    })
    const { runner } = setup([walk], { clock })
    const { id } = await runner.enqueue(walk, null)
    const pass = runner.work()
    await clock.advance(60_000)
    await pass
    expect(done).toEqual([1, 2, 3, 4, 5, 6])
    expect(await runner.get(id)).toMatchObject({ state: 'completed', progress: { done: 6 } })
  })

  test('ends the job late, not wrongly, where that is its last step', async () => {
    let runs = 0
    const walk = defineProcessor({
      name: 'walk',
      input: z.null(),
      items: upTo(1),
      each: () => {},
      finish: async ({ signal }) => {
        if (runs++ === 0) await untilAborted(signal)
      },
    })
    const { runner, clock } = setup([walk])
    const { id } = await runner.enqueue(walk, null)
    const pass = runner.work({ budgetMs: 5_000 })
    await clock.advance(5_000)
    await pass
    expect(await runner.get(id)).toMatchObject({ state: 'waiting', progress: { done: 1 } })
    await runner.work()
    expect(await runner.get(id)).toMatchObject({ state: 'completed' })
  })
})

describe('a handler that is done although it was told to stop', () => {
  const cancelledWhile = async (
    run: (signal: () => AbortSignal, work: Promise<void>) => Promise<unknown>,
  ) => {
    const clock = fakeClock()
    const job = defineProcessor({
      name: 'done',
      input: z.null(),
      run: context => run(() => context.signal, clock.sleep(5_000)),
    })
    const { runner } = setup([job], { clock })
    const { id } = await runner.enqueue(job, null)
    await runner.start()
    await clock.advance(1_000)
    await runner.cancel(id)
    await clock.advance(20_000)
    await runner.stop()
    return runner.get(id)
  }

  test('is believed when it returns a value', async () => {
    const job = await cancelledWhile(async (signal, work) => {
      await Promise.all([untilAborted(signal()), work])
      return 'sent'
    })
    expect(job).toMatchObject({ state: 'completed', output: 'sent' })
  })

  test('is believed when it never looked at its signal', async () => {
    const job = await cancelledWhile((_, work) => work)
    expect(job).toMatchObject({ state: 'completed' })
  })

  test('has failed all the same when its time was over', async () => {
    const clock = fakeClock()
    const late = defineProcessor({
      name: 'late',
      input: z.null(),
      timeoutMs: 5_000,
      retry: { attempts: 1 },
      run: async () => {
        await clock.sleep(10_000)
        return 'sent'
      },
    })
    const { runner } = setup([late], { clock })
    const { id } = await runner.enqueue(late, null)
    const pass = runner.work()
    await clock.advance(20_000)
    await pass
    expect(await runner.get(id)).toMatchObject({ state: 'failed', errors: { last: { code: 'timed_out' } } })
  })
})
