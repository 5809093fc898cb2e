import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor, JobNotFoundError, JobUnfinishedError } from '../../src/index.js'
import { runToEnd } from '../../src/testing/index.js'
import { setup } from '../setup.js'

const steps = defineProcessor({
  name: 'steps',
  input: z.object({ fail: z.boolean().default(false) }),
  retry: { attempts: 1 },
  run: async ({ input, progress, checkpoint }) => {
    for (const done of [1, 2, 3]) {
      progress({ done, total: 3 })
      await checkpoint(done)
    }
    if (input.fail) throw new Error('at the last step')
    return 'done'
  },
})

test('a watch gives each change once, and ends with the job', async () => {
  const { runner, clock } = setup([steps])
  const { id } = await runner.enqueue(steps, {})
  const seen: unknown[] = []

  const watching = (async () => {
    for await (const { state, progress } of runner.watch(id)) seen.push([state, progress.done])
  })()
  await clock.advance(0)
  await runToEnd(runner, clock)
  await clock.advance(1_000)
  await watching

  expect(seen[0]).toEqual(['waiting', 0])
  expect(seen.at(-1)).toEqual(['completed', 3])
  expect(new Set(seen.map(String)).size, 'no change comes twice').toBe(seen.length)
})

test('a watch sees what another process does, by polling', async () => {
  const { runner, another, clock } = setup([steps])
  const { id } = await runner.enqueue(steps, {})
  const waiting = runner.waitFor(id, { pollMs: 500 })

  await runToEnd(another(), clock)
  await clock.advance(500)

  expect(await waiting).toBe('done')
})

test('waiting for a job that fails throws, with what went wrong', async () => {
  const { runner, clock } = setup([steps])
  const job = await runner.enqueue(steps, { fail: true })
  const waiting = runner.waitFor(job)
  waiting.catch(() => {})

  await runToEnd(runner, clock)
  await clock.advance(1_000)

  await expect(waiting).rejects.toThrow(JobUnfinishedError)
  await expect(waiting).rejects.toMatchObject({
    state: 'failed',
    message: expect.stringContaining('at the last step'),
  })
})

test('waiting ends after its time, and the job is not touched', async () => {
  const { runner, clock } = setup([steps])
  const job = await runner.enqueue(steps, {}, { delayMs: 60_000 })
  const waiting = runner.waitFor(job, { timeoutMs: 5_000 })
  waiting.catch(() => {})

  await clock.advance(5_000)

  await expect(waiting).rejects.toMatchObject({ code: 'job_unfinished', state: 'waiting' })
  expect(await runner.get(job.id)).toMatchObject({ state: 'waiting' })
})

test('a watch can be given up, and one of an unknown job is an error', async () => {
  const { runner, clock } = setup([steps])
  const { id } = await runner.enqueue(steps, {}, { delayMs: 60_000 })
  const giveUp = new AbortController()
  const watching = (async () => {
    for await (const _ of runner.watch(id, { signal: giveUp.signal })) giveUp.abort()
    return 'over'
  })()
  await clock.advance(0)

  expect(await watching).toBe('over')
  await expect(runner.waitFor('nobody')).rejects.toThrow(JobNotFoundError)
})

test('an ETA is unknown at first, then finite, and gone at the end', async () => {
  const walk = defineProcessor({
    name: 'walk',
    input: z.null(),
    gate: () => ({ key: 'api', spacingMs: 1_000 }),
    total: () => 100,
    items: ({ cursor, limit }) =>
      Array.from(
        { length: Math.min(limit, 100 - (cursor ?? 0)) },
        (_, index) => [(cursor ?? 0) + index + 1, 0] as const,
      ),
    each: (_, { call }) => call(() => {}),
  })
  const { runner, clock } = setup([walk])
  const { id } = await runner.enqueue(walk, null)
  expect((await runner.get(id))?.eta).toBeNull()
  const ended = runToEnd(runner, clock)
  while (((await runner.get(id))?.progress.done ?? 0) < 40) await clock.advance(1_000)

  const { eta, progress } = (await runner.get(id)) ?? {}
  const leftMs = (100 - (progress?.done ?? 0)) * 1_000
  expect(Math.abs((eta?.remainingMs ?? 0) - leftMs) / leftMs).toBeLessThan(0.1)
  await ended
  expect((await runner.get(id))?.eta).toBeNull()
})
