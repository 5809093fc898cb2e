import { expect, test } from 'vitest'
import { z } from 'zod'
import { encryption } from '../../src/codecs/index.js'
import { defineProcessor, Fatal } from '../../src/index.js'
import { runToEnd } from '../../src/testing/index.js'
import { setup } from '../setup.js'

const plain = defineProcessor({
  name: 'plain',
  input: z.boolean(),
  run: ({ input }) => {
    if (input) throw new Fatal('no')
  },
})

/** Walks three items, of which one fails as long as `broken` says so. */
function walk() {
  const seen: string[] = []
  const world = { broken: true }
  const walker = defineProcessor({
    name: 'walker',
    input: z.string(),
    items: ({ cursor, limit }: { cursor: number | null; limit: number }) =>
      [1, 2, 3]
        .filter(n => n > (cursor ?? 0))
        .slice(0, limit)
        .map(n => [n, n] as const),
    onItemError: { tolerate: { count: 1 } },
    each: (item: number, { input }) => {
      seen.push(`${input}${item}`)
      if (item === 2 && world.broken) throw new Error('broken')
    },
  })
  return { walker, seen, world }
}

test('many jobs are cancelled by a filter, the newest first and no more than the limit', async () => {
  const { runner } = setup([plain])
  const jobs = await runner.enqueueMany(
    plain,
    Array.from({ length: 7 }, () => ({ input: false, tags: ['t'] })),
  )
  await runner.enqueue(plain, false)

  expect(await runner.bulk.cancel({ tag: 't' }, { limit: 5 })).toEqual({ changed: 5, more: true })
  expect(await runner.get(jobs[0]?.id ?? '')).toMatchObject({ state: 'waiting' })
  expect(await runner.bulk.cancel({ tag: 't' }, { limit: 5 })).toEqual({ changed: 2, more: false })
  expect((await runner.stats()).states).toMatchObject({ waiting: 1, cancelled: 7 })
})

test('thousands are changed over many pages', async () => {
  const { runner } = setup([plain])
  await runner.enqueueMany(
    plain,
    Array.from({ length: 1_300 }, () => ({ input: false })),
  )
  expect(await runner.bulk.pause({}, { limit: 10_000 })).toEqual({ changed: 1_300, more: false })
  expect(await runner.bulk.resume({}, { limit: 1_200 })).toEqual({ changed: 1_200, more: true })
  expect((await runner.stats()).states).toMatchObject({ paused: 100, waiting: 1_200 })
})

test('dead letters are tried again by a filter, those of one state alone if wanted', async () => {
  const { runner, clock } = setup([plain])
  await runner.enqueueMany(
    plain,
    Array.from({ length: 3 }, () => ({ input: true })),
  )
  const cancelled = await runner.enqueue(plain, true)
  await runner.cancel(cancelled.id)
  await runToEnd(runner, clock)

  expect(await runner.bulk.retry({ states: ['failed', 'completed'] })).toEqual({ changed: 3, more: false })
  expect(await runner.get(cancelled.id)).toMatchObject({ state: 'cancelled' })
  expect(await runner.bulk.retry({})).toEqual({ changed: 1, more: false })
})

test.each([
  ['plain', {}],
  ['encrypted', { codec: encryption({ keys: { k: Buffer.alloc(32, 7).toString('base64') }, use: 'k' }) }],
])('the failed items of many jobs are tried again, and nothing else (%s)', async (_, more) => {
  const { walker, seen, world } = walk()
  const { runner, clock } = setup([walker, plain], more)
  for (const input of ['a', 'b']) await runner.enqueue(walker, input)
  const other = await runner.enqueue(plain, true)
  await runToEnd(runner, clock)
  expect((await runner.stats()).states).toMatchObject({ completed_with_errors: 2, failed: 1 })

  seen.length = 0
  world.broken = false
  expect(await runner.bulk.retry({}, { only: 'failed' })).toEqual({ changed: 2, more: false })
  await runToEnd(runner, clock)
  expect(seen.sort()).toEqual(['a2', 'b2'])
  expect((await runner.stats()).states).toMatchObject({ completed: 2 })
  expect(await runner.get(other.id)).toMatchObject({ state: 'failed' })
})

test('those that completed with errors begin again, and failed ones go on, in one call', async () => {
  const { walker, seen, world } = walk()
  const { runner, clock } = setup([walker, plain])
  await runner.enqueue(walker, 'a')
  await runner.enqueue(plain, true)
  await runToEnd(runner, clock)
  seen.length = 0
  world.broken = false
  expect(await runner.bulk.retry({})).toEqual({ changed: 2, more: false })
  await runToEnd(runner, clock)
  expect(seen).toEqual(['a1', 'a2', 'a3'])
})

test('jobs are moved to another queue and priority, one or many', async () => {
  const { runner, clock } = setup([plain])
  const { id } = await runner.enqueue(plain, true)
  await runToEnd(runner, clock)

  expect(await runner.move(id, { queue: 'dead' })).toMatchObject({ state: 'failed', queue: 'dead' })
  expect(await runner.bulk.move({ queues: ['dead'] }, { priority: 'high' })).toEqual({
    changed: 1,
    more: false,
  })
  expect(await runner.get(id)).toMatchObject({ queue: 'dead', priority: 10 })
  expect(await runner.move(id, { queue: 'dead' }), 'it is there already').toMatchObject({ queue: 'dead' })
  await expect(runner.move(id, {})).rejects.toMatchObject({ code: 'invalid_options' })
  await expect(runner.move('nobody', { queue: 'q' })).rejects.toMatchObject({ code: 'job_not_found' })
})

test.each([0, 1.5, 100_001])('a limit of %s is refused', async limit => {
  const { runner } = setup([plain])
  await expect(runner.bulk.cancel({}, { limit })).rejects.toMatchObject({ code: 'invalid_options' })
})

test.each([
  [{ limit: 1.5 }, 'limit'],
  [{ limit: 10_001 }, 'limit'],
  [{ olderThanMs: -1 }, 'olderThanMs'],
  [{ olderThanMs: Number.NaN }, 'olderThanMs'],
])('jobs are pruned by no rule like %j', async (wrong, option) => {
  const { runner } = setup([])
  const pruned = runner.prune({ states: ['failed'], olderThanMs: 0, limit: 10, ...wrong })
  await expect(pruned).rejects.toMatchObject({ code: 'invalid_options', option })
})

test('a worker of no queue at all is refused', () => {
  expect(() => setup([], { queues: [] })).toThrow(expect.objectContaining({ option: 'queues' }))
})
