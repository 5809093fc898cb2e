import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor, HandOver, type ItemErrorPolicy, RetryAfter, Skip } from '../../src/index.js'
import { interruptAt, runToEnd } from '../../src/testing/index.js'
import { deferred, setup } from '../setup.js'

interface WalkOptions {
  readonly items?: number
  readonly batchSize?: number
  readonly concurrency?: number
  readonly onItemError?: ItemErrorPolicy
  readonly each?: (id: number) => unknown
}

/** A walk over the numbers from 1, which notes each one that was worked, and counts it. */
function walkOver({ items = 10, each = () => {}, ...policy }: WalkOptions) {
  const worked: number[] = []
  const walk = defineProcessor({
    name: 'walk',
    input: z.null(),
    total: () => items,
    items: ({ cursor, limit }) => numbersBehind(cursor ?? 0, Math.min(limit, items - (cursor ?? 0))),
    each: async (id, { count }) => {
      await each(id)
      worked.push(id)
      count('worked')
    },
    finish: ({ counters }) => counters.worked ?? 0,
    retry: { attempts: 3, backoff: { type: 'fixed', delayMs: 100 } },
    ...policy,
  })
  return { walk, worked, ...setup([walk]) }
}

function numbersBehind(cursor: number, length: number) {
  return Array.from({ length }, (_, index) => [cursor + index + 1, cursor + index + 1] as const)
}

test('every item is worked once, in order, and an empty page is the end', async () => {
  const { walk, worked, runner, clock } = walkOver({ items: 7, batchSize: 3 })
  const { id } = await runner.enqueue(walk, null)

  await runToEnd(runner, clock)

  expect(worked).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(await runner.get(id)).toMatchObject({
    state: 'completed',
    output: 7,
    progress: { done: 7, percent: 100 },
  })
})

test('a walk without items completes', async () => {
  const { walk, runner, clock } = walkOver({ items: 0 })
  const { id } = await runner.enqueue(walk, null)

  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({
    state: 'completed',
    output: 0,
    progress: { done: 0, total: 0, percent: 100 },
  })
})

test.each([1, 4, 5, 9])(
  'interrupted after %i items, it goes on behind the last one and repeats none',
  async stopAfter => {
    const { walk, worked, runner, clock } = walkOver({ batchSize: 5 })
    const { id } = await runner.enqueue(walk, null)

    await interruptAt(runner, clock, stopAfter)
    expect(await runner.get(id)).toMatchObject({
      state: 'waiting',
      progress: { done: stopAfter },
      interruptions: 1,
    })
    await runToEnd(runner, clock)

    expect(worked).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(await runner.get(id)).toMatchObject({ state: 'completed', attempts: 0, counters: { worked: 10 } })
  },
)

test('with items side by side, the saved cursor never passes an unfinished one', async () => {
  const slow = deferred()
  const { walk, worked, runner, clock, store } = walkOver({
    concurrency: 4,
    each: id => (id === 2 ? slow.promise : undefined),
  })
  const { id } = await runner.enqueue(walk, null)
  const pass = runner.work()

  await clock.advance(5_000)
  expect(worked, 'all others are done').toHaveLength(9)
  expect(await runner.get(id), 'only what lies before the slow one counts').toMatchObject({
    progress: { done: 1 },
    counters: { worked: 1 },
  })
  expect((await store.get(id))?.cursor).toContain('"cursor":1')

  slow.resolve()
  await pass
  expect(await runner.get(id)).toMatchObject({
    state: 'completed',
    progress: { done: 10 },
    counters: { worked: 10 },
  })
})

test('a failed item without tolerance fails the attempt, and the next one starts there', async () => {
  let failures = 0
  const { walk, worked, runner, clock } = walkOver({
    each: id => {
      if (id === 6 && failures++ < 2) throw new Error('item 6 is shy')
    },
  })
  const { id } = await runner.enqueue(walk, null)

  await runToEnd(runner, clock)

  expect(worked).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(await runner.get(id)).toMatchObject({ state: 'completed', counters: { worked: 10 } })
})

test('a poison item fails the job after its attempts, with all before it saved', async () => {
  const { walk, runner, clock } = walkOver({
    each: id => {
      if (id === 6) throw new Error('always')
    },
  })
  const { id } = await runner.enqueue(walk, null)

  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({
    state: 'failed',
    attempts: 3,
    progress: { done: 5, failed: 0 },
  })
})

const failsOn =
  (...bad: number[]) =>
  (id: number) => {
    if (bad.includes(id)) throw new Error(`item ${id} is bad`)
  }

test('within what is tolerated the job goes on, ends with errors, and names the items', async () => {
  const { walk, worked, runner, clock } = walkOver({
    each: failsOn(3, 7),
    onItemError: { tolerate: { count: 2 } },
  })
  const { id } = await runner.enqueue(walk, null)

  await runToEnd(runner, clock)

  expect(worked).toEqual([1, 2, 4, 5, 6, 8, 9, 10])
  expect(await runner.get(id)).toMatchObject({
    state: 'completed_with_errors',
    output: 8,
    progress: { done: 10, failed: 2, skipped: 0 },
  })
  expect((await runner.items(id)).records).toEqual([
    { key: '3', outcome: 'failed', item: 3, reason: 'item 3 is bad' },
    { key: '7', outcome: 'failed', item: 7, reason: 'item 7 is bad' },
  ])
})

test.each([
  [{ count: 1 }, [3, 7], 'failed'],
  [{ ratio: 0.2 }, [3, 7], 'completed_with_errors'],
  [{ ratio: 0.1 }, [3, 7], 'failed'],
  [{ ratio: 0 }, [3], 'failed'],
] as const)('tolerating %j with the items %j failing, the job ends as %s', async (tolerate, bad, state) => {
  const { walk, runner, clock } = walkOver({ each: failsOn(...bad), onItemError: { tolerate } })
  const { id } = await runner.enqueue(walk, null)

  await runToEnd(runner, clock)

  expect((await runner.get(id))?.state).toBe(state)
})

test('an item is tried again on the spot as often as its policy says', async () => {
  let tries = 0
  const each = (id: number) => {
    if (id === 4 && ++tries < 3) throw new Error('not yet')
  }
  const { walk, runner, clock } = walkOver({ each, onItemError: { retries: 2, tolerate: { count: 0 } } })
  const { id } = await runner.enqueue(walk, null)

  await runToEnd(runner, clock)

  expect(tries).toBe(3)
  expect(await runner.get(id)).toMatchObject({ state: 'completed', progress: { failed: 0 }, attempts: 0 })
})

test('a skipped item is recorded with its reason and is no failure', async () => {
  const each = (id: number) => {
    if (id === 4) throw new Skip('has no address')
  }
  const { walk, runner, clock } = walkOver({ each })
  const { id } = await runner.enqueue(walk, null)

  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({
    state: 'completed',
    progress: { done: 10, skipped: 1, failed: 0 },
  })
  expect((await runner.items(id)).records).toEqual([
    { key: '4', outcome: 'skipped', item: undefined, reason: 'has no address' },
  ])
})

test('retrying only what failed works those items again and no others', async () => {
  let down = true
  const each = (id: number) => {
    if (down && id % 4 === 0) throw new Error('down')
  }
  const { walk, worked, runner, clock } = walkOver({ each, onItemError: { tolerate: { ratio: 1 } } })
  const { id } = await runner.enqueue(walk, null)
  await runToEnd(runner, clock)
  expect(await runner.get(id)).toMatchObject({
    state: 'completed_with_errors',
    progress: { done: 10, failed: 2 },
  })

  down = false
  worked.length = 0
  await runner.retry(id, { only: 'failed' })
  await runToEnd(runner, clock)

  expect(worked).toEqual([4, 8])
  expect(await runner.get(id)).toMatchObject({
    state: 'completed',
    output: 10,
    progress: { done: 10, failed: 0 },
  })
  expect((await runner.items(id)).records.map(({ outcome }) => outcome)).toEqual(['completed', 'completed'])
})

test('items that fail again stay failed, and count once', async () => {
  const { walk, runner, clock } = walkOver({ each: failsOn(3, 7), onItemError: { tolerate: { ratio: 1 } } })
  const { id } = await runner.enqueue(walk, null)
  await runToEnd(runner, clock)

  await runner.retry(id, { only: 'failed' })
  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({
    state: 'completed_with_errors',
    progress: { done: 10, failed: 2 },
  })
})

test('a job that failed on the way first retries its failed items, and then goes on where it stopped', async () => {
  let down = true
  const each = (id: number) => {
    if (down && id >= 3) throw new Error('down')
  }
  const { walk, worked, runner, clock } = walkOver({ each, onItemError: { tolerate: { count: 1 } } })
  const { id } = await runner.enqueue(walk, null)
  await runToEnd(runner, clock)
  expect(await runner.get(id)).toMatchObject({
    state: 'failed',
    errors: { last: { code: 'too_many_items_failed' } },
  })

  down = false
  await runner.retry(id, { only: 'failed' })
  await runToEnd(runner, clock)

  expect(worked).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(await runner.get(id)).toMatchObject({ state: 'completed', progress: { done: 10, failed: 0 } })
})

test('a job that completed with errors can be retried from the beginning', async () => {
  const bad = new Set([3])
  const { walk, worked, runner, clock } = walkOver({
    each: id => failsOn(...bad)(id),
    onItemError: { tolerate: { ratio: 1 } },
  })
  const { id } = await runner.enqueue(walk, null)
  await runToEnd(runner, clock)

  bad.clear()
  await runner.retry(id)
  await runToEnd(runner, clock)

  expect(worked).toHaveLength(9 + 10)
  expect(await runner.get(id)).toMatchObject({
    state: 'completed',
    progress: { done: 10, failed: 0, total: 10 },
  })
})

test.each([
  ['gives the same page for ever', [1, 1, 1]],
  ['goes around in a circle', [1, 2, 1, 2]],
])('a source that %s fails the job and never completes it', async (_, keys) => {
  let page = 0
  const stuck = defineProcessor({
    name: 'stuck',
    input: z.null(),
    items: () => [[keys[page++ % keys.length] as number, 'item']] as const,
    each: () => {},
  })
  const { runner, clock } = setup([stuck])
  const { id } = await runner.enqueue(stuck, null)

  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({ state: 'failed', errors: { last: { code: 'cursor_stuck' } } })
})

test('two items of a page with one key fail the job before any is worked', async () => {
  const worked: string[] = []
  const twins = defineProcessor({
    name: 'twins',
    input: z.null(),
    items: () =>
      [
        ['a', 'first'],
        ['a', 'second'],
      ] as const,
    each: item => {
      worked.push(item)
    },
  })
  const { runner, clock } = setup([twins])
  const { id } = await runner.enqueue(twins, null)

  await runToEnd(runner, clock)

  expect(worked).toEqual([])
  expect(await runner.get(id)).toMatchObject({
    state: 'failed',
    errors: { last: { code: 'duplicate_item' } },
  })
})

/** A walk over the pages of an API that has its own page cursors: three pages of two. */
function pagedWalk(each: (id: string) => unknown) {
  const worked: string[] = []
  const pages: Record<string, { items: [string, string][]; next: string | null }> = {
    first: {
      items: [
        ['a', 'a'],
        ['b', 'b'],
      ],
      next: 'p2',
    },
    p2: { items: [], next: 'p3' },
    p3: {
      items: [
        ['c', 'c'],
        ['d', 'd'],
      ],
      next: null,
    },
  }
  const walk = defineProcessor({
    name: 'paged',
    input: z.null(),
    items: ({ cursor }) => pages[cursor ?? 'first'] as (typeof pages)[string],
    each: async (id, { count }) => {
      await each(id)
      worked.push(id)
      count('worked')
    },
    retry: { backoff: { type: 'fixed', delayMs: 10 } },
  })
  return { worked, walk, ...setup([walk]) }
}

test('a source with its own page cursors is followed to the end, over an empty page too', async () => {
  const { worked, walk, runner, clock } = pagedWalk(() => {})
  const { id } = await runner.enqueue(walk, null)

  await runToEnd(runner, clock)

  expect(worked).toEqual(['a', 'b', 'c', 'd'])
  expect(await runner.get(id)).toMatchObject({ state: 'completed', progress: { done: 4 } })
})

test('a page that is repeated counts once', async () => {
  let failures = 0
  const { worked, walk, runner, clock } = pagedWalk(id => {
    if (id === 'd' && failures++ === 0) throw new Error('once')
  })
  const { id } = await runner.enqueue(walk, null)

  await runToEnd(runner, clock)

  expect(worked, 'c was done twice').toEqual(['a', 'b', 'c', 'c', 'd'])
  expect(await runner.get(id)).toMatchObject({
    state: 'completed',
    progress: { done: 4 },
    counters: { worked: 4 },
  })
})

test('an item may ask for the whole job to wait', async () => {
  let asked = 0
  const { walk, runner, clock } = walkOver({
    each: id => {
      if (id === 5 && asked++ === 0) throw new RetryAfter(7_000)
    },
    onItemError: { tolerate: { ratio: 1 } },
  })
  const { id } = await runner.enqueue(walk, null)

  expect(await runner.work()).toMatchObject({ dueInMs: 7_000 })
  expect(await runner.get(id)).toMatchObject({
    state: 'waiting',
    throttles: 1,
    progress: { done: 4, failed: 0 },
  })
  await runToEnd(runner, clock)
  expect(await runner.get(id)).toMatchObject({ state: 'completed', progress: { done: 10 } })
})

test('cursors keep bigints and microseconds exact over many pages', async () => {
  const rows = Array.from({ length: 25 }, (_, index) => ({
    at: `2026-01-01T00:00:00.00000${Math.floor(index / 5)}Z`,
    id: 9_007_199_254_740_993n + BigInt(index),
  }))
  const seen: bigint[] = []
  const walk = defineProcessor({
    name: 'walk',
    input: z.null(),
    batchSize: 3,
    items: ({ cursor, limit }: { cursor: [string, bigint] | null; limit: number }) =>
      rows
        .filter(({ at, id }) => cursor === null || at > cursor[0] || (at === cursor[0] && id > cursor[1]))
        .slice(0, limit)
        .map(row => [[row.at, row.id], row] as const),
    each: ({ id }) => {
      seen.push(id)
    },
  })
  const { runner, clock } = setup([walk])
  await runner.enqueue(walk, null)

  while ((await runner.stats()).dueInMs !== null) await interruptAt(runner, clock, 2)

  expect(seen).toEqual(rows.map(({ id }) => id))
})

test('a hand-over inside an item gives the job back with what was done', async () => {
  let tired = true
  const { walk, runner, clock } = walkOver({
    each: id => {
      if (id === 4 && tired) {
        tired = false
        throw new HandOver()
      }
    },
  })
  const { id } = await runner.enqueue(walk, null)

  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({
    state: 'completed',
    interruptions: 1,
    counters: { worked: 10 },
  })
})

test('a source that is an API goes through the same gate as the items', async () => {
  const calls: number[] = []
  const walk = defineProcessor({
    name: 'walk',
    input: z.null(),
    gate: () => ({ key: 'api', spacingMs: 1_000 }),
    items: ({ cursor, call }) =>
      call(() => {
        calls.push(clock.now())
        return cursor === 3 ? [] : [[(cursor ?? 0) + 1, 'item'] as const]
      }),
    each: () => {},
  })
  const { runner, clock } = setup([walk])
  await runner.enqueue(walk, null)

  await runToEnd(runner, clock)

  expect(calls.map(at => at - (calls[0] ?? 0))).toEqual([0, 1_000, 2_000, 3_000])
})

test('what the end of a walk finds wrong makes the job complete with errors, and is named', async () => {
  const walk = defineProcessor({
    name: 'walk',
    input: z.null(),
    items: () => [],
    each: () => {},
    finish: ({ fail }) => {
      fail('deletions', new Error('would delete too much'))
      return 'withheld'
    },
  })
  const { runner, clock } = setup([walk])
  const { id } = await runner.enqueue(walk, null)

  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({ state: 'completed_with_errors', output: 'withheld' })
  expect((await runner.items(id)).records).toMatchObject([
    { key: 'deletions', reason: 'would delete too much' },
  ])
})
