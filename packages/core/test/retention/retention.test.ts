import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  createRunner,
  defineProcessor,
  memoryStore,
  OptionsError,
  type RetentionOptions,
  type Store,
} from '../../src/index.js'
import { retentionRules } from '../../src/retention/index.js'
import { fakeClock } from '../../src/testing/index.js'
import { setup as setupRunner } from '../setup.js'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const work = defineProcessor({
  name: 'work',
  input: z.enum(['completed', 'failed']),
  retry: { attempts: 1 },
  run: ({ input }) => {
    if (input === 'failed') throw new Error('as it was told')
  },
})

function setup(retention?: RetentionOptions, name = 'sqlite') {
  const clock = fakeClock()
  const prunes: unknown[] = []
  const jobs = memoryStore({ clock })
  const store: Store = {
    ...jobs,
    name,
    prune(rule) {
      prunes.push(rule)
      return jobs.prune(rule)
    },
  }
  const { runner, another } = setupRunner([work], {
    store,
    clock,
    ...(retention === undefined ? {} : { retention }),
  })

  /** Makes jobs end, one after the other. */
  async function ended(...inputs: ('completed' | 'failed' | 'cancelled')[]) {
    for (const input of inputs) {
      const { id } = await runner.enqueue(work, input === 'cancelled' ? 'completed' : input)
      if (input === 'cancelled') await runner.cancel(id)
      await runner.work()
      await clock.advance(1)
    }
  }

  async function left() {
    const { states } = await runner.stats()
    return Object.fromEntries(Object.entries(states).filter(([, count]) => count > 0))
  }

  return { clock, store, prunes, runner, another, ended, left }
}

describe('ended jobs', () => {
  test('are kept for a week, failed ones for a month', async () => {
    const { runner, clock, ended, left } = setup()
    await ended('completed', 'cancelled', 'failed')
    await clock.advance(7 * day - hour)
    await runner.tick()
    expect(await left()).toEqual({ completed: 1, cancelled: 1, failed: 1 })
    await clock.advance(hour)
    expect(await runner.tick()).toEqual({ enqueued: 0, pruned: 2, dueInMs: null })
    expect(await left()).toEqual({ failed: 1 })
    await clock.advance(23 * day)
    await runner.tick()
    expect(await left()).toEqual({})
  })

  test('are kept for an hour in a memory store', async () => {
    const { runner, clock, ended, left } = setup(undefined, 'memory')
    await ended('completed', 'failed')
    await clock.advance(59 * minute)
    await runner.tick()
    expect(await left()).toEqual({ completed: 1, failed: 1 })
    await clock.advance(2 * minute)
    await runner.tick()
    expect(await left()).toEqual({})
  })

  test('are kept for ever when one says so, all of them or a state', async () => {
    for (const [retention, rest] of [
      [false, { completed: 1, failed: 1 }],
      [{ failed: false }, { failed: 1 }],
    ] as const) {
      const { runner, clock, ended, left } = setup(retention)
      await ended('completed', 'failed')
      await clock.advance(1_000 * day)
      await runner.tick()
      expect(await left()).toEqual(rest)
    }
  })

  test('are kept up to a number, the newest of them', async () => {
    const { runner, clock, ended, left } = setup({ completed: { keep: 2 } })
    await ended('completed', 'completed', 'completed', 'failed', 'completed')
    const newest = (await runner.list({ states: ['completed'] })).jobs.slice(0, 2).map(({ id }) => id)
    await clock.advance(2 * minute)

    expect(await runner.tick()).toMatchObject({ pruned: 2 })
    expect(await left()).toEqual({ completed: 2, failed: 1 })
    expect((await runner.list({ states: ['completed'] })).jobs.map(({ id }) => id)).toEqual(newest)
  })

  test('go by age or by number, whichever comes first', async () => {
    const { runner, clock, ended, left } = setup({ completed: { keep: 2, olderThanMs: hour } })
    await ended('completed', 'completed', 'completed')
    await clock.advance(2 * minute)
    await runner.tick()
    expect(await left()).toEqual({ completed: 2 })
    await clock.advance(hour)
    await runner.tick()
    expect(await left()).toEqual({})
  })

  test('of processors that this runner does not have are not its to delete', async () => {
    const { store, clock, ended, left } = setup()
    await ended('completed')
    await clock.advance(8 * day)
    const other = defineProcessor({ name: 'other', input: z.null(), run: () => {} })
    const stranger = createRunner({ store, clock, processors: [other] })
    expect(await stranger.tick()).toMatchObject({ pruned: 0 })
    expect(await left()).toEqual({ completed: 1 })
  })

  test('that wait, run or are paused are never deleted', async () => {
    const { runner, clock, left } = setup({ completed: { olderThanMs: 0 } })
    await runner.enqueue(work, 'completed', { delayMs: 900 * day })
    const { id } = await runner.enqueue(work, 'completed')
    await runner.pause(id)
    await clock.advance(800 * day)
    await runner.tick()
    expect(await left()).toEqual({ waiting: 1, paused: 1 })
  })
})

describe('workers', () => {
  test('take turns of a minute and a little more, one at a time', async () => {
    const { clock, prunes, another } = setup()
    const workers = Array.from({ length: 5 }, another)
    await Promise.all(workers.map(worker => worker.tick()))
    expect(prunes, 'one rule for most states, one for failed jobs').toHaveLength(2)
    await clock.advance(67_000)
    await Promise.all(workers.map(worker => worker.tick()))
    expect(prunes).toHaveLength(2)
    await clock.advance(1_000)
    await Promise.all(workers.map(worker => worker.tick()))
    expect(prunes).toHaveLength(4)
  })

  test('prune as they go, when they were started and in a pass', async () => {
    for (const how of ['start', 'work'] as const) {
      const { runner, clock, ended, left } = setup({ completed: { olderThanMs: 0 } })
      await ended('completed', 'completed')
      await clock.advance(2 * minute)
      await runner[how]()
      await clock.advance(10)
      expect(await left()).toEqual({})
      await Promise.all([runner.stop(), clock.advance(1_000)])
    }
  })

  test('delete a chunk at a time, leave the store as long alone, and the rest for the next turn', async () => {
    const { runner, store, clock, prunes } = setup({ completed: { olderThanMs: 0 }, failed: false })
    const { prune } = store
    let backlog = 20_000
    store.prune = async rule => {
      await prune(rule)
      await clock.sleep(400)
      const pruned = Math.min(rule.limit, backlog)
      backlog -= pruned
      return pruned
    }
    const from = clock.now()
    const ticked = runner.tick()
    await clock.advance(4_999)
    expect(prunes.length, 'half of the time').toBe(7)
    await clock.advance(1_000)

    expect((await ticked).pruned).toBe(7 * 500)
    expect(clock.now() - from).toBeLessThan(6_000)
  })

  test('claim and work while a chunk takes its time, and end a pass in its budget', async () => {
    const { runner, store, clock } = setup()
    store.prune = () => new Promise(() => {})
    const { id } = await runner.enqueue(work, 'completed')
    const pass = runner.work({ budgetMs: 10_000 })
    await clock.advance(100)
    expect(await runner.get(id)).toMatchObject({ state: 'completed' })
    await clock.advance(9_900)
    expect(await pass).toMatchObject({ slices: 1 })
  })

  test('are told when it fails, and go on', async () => {
    const { runner, store, clock } = setup()
    store.prune = () => Promise.reject(new Error('disk full'))
    const errors: unknown[] = []
    runner.on('error', error => errors.push(error))
    await runner.enqueue(work, 'completed')
    expect(await runner.work()).toMatchObject({ slices: 1 })
    expect(errors).toMatchObject([{ message: 'disk full' }])
    await clock.advance(2 * minute)
    await expect(runner.tick()).rejects.toThrow('disk full')
  })
})

describe('rules', () => {
  test('join the states that are kept equally long', () => {
    expect(retentionRules(undefined, 'redis')).toEqual([
      { states: ['completed', 'completed_with_errors', 'cancelled'], olderThanMs: 7 * day },
      { states: ['failed'], olderThanMs: 30 * day },
    ])
    expect(retentionRules({ completed: { keep: 5 }, failed: { olderThanMs: 7 * day } }, 'redis')).toEqual([
      { states: ['completed_with_errors', 'cancelled', 'failed'], olderThanMs: 7 * day },
      { states: ['completed'], keep: 5 },
    ])
    expect(retentionRules(false, 'memory')).toEqual([])
  })

  test.each([
    [{ waiting: { keep: 1 } }, 'retention.waiting: is no ended state'],
    [{ failed: { olderThanMs: -1 } }, 'retention.failed.olderThanMs: must be an integer from 0 to'],
    [{ failed: { keep: 1.5 } }, 'retention.failed.keep: must be an integer from 0 to'],
    [{ failed: { olderThan: 1 } }, 'retention.failed.olderThan: is unknown'],
  ])('%j is refused', (retention, message) => {
    const make = () =>
      createRunner({ store: memoryStore(), processors: [work], retention: retention as never })
    expect(make).toThrow(OptionsError)
    expect(make).toThrow(message)
  })
})
