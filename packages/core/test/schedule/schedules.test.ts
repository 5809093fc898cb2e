import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor, type Schedule } from '../../src/index.js'
import { runToEnd } from '../../src/testing/index.js'
import { setup } from '../setup.js'

const minute = 60_000
const hour = 60 * minute
const report = defineProcessor({
  name: 'report',
  input: z.object({ day: z.string() }),
  run: ({ input }) => input.day,
})
const hourly: Schedule<typeof report> = {
  name: 'hourly',
  processor: report,
  input: ({ slot }) => ({ day: slot.slice(5, 16) }),
  everyMs: hour,
}

/** A runner with one schedule, on a store that keeps jobs for ever. */
function scheduled(schedule: object = {}, more: object = {}) {
  const schedules = [{ ...hourly, ...schedule } as Schedule<typeof report>]
  const { runner, ...rest } = setup([report], { schedules, retention: false, ...more })
  const made = async () => {
    const { jobs } = await runner.list({ tag: `schedule:${schedules[0]?.name}` })
    return jobs.map(({ key }) => key?.split('@')[1]?.slice(5, 16)).reverse()
  }
  return { runner, made, ...rest }
}

describe('a tick', () => {
  test('makes one job at each slot, and tells how long until the next', async () => {
    const { runner, made, clock } = scheduled()
    expect(await runner.tick()).toEqual({ enqueued: 0, pruned: 0, dueInMs: hour })

    await clock.advance(hour)
    expect(await runner.tick()).toEqual({ enqueued: 1, pruned: 0, dueInMs: hour })
    expect(await runner.tick()).toEqual({ enqueued: 0, pruned: 0, dueInMs: hour })
    await clock.advance(hour + 10 * minute)
    await runner.tick()

    expect(await made(), 'the second was ten minutes late').toEqual(['01-01T01:00'])
  })

  test('gives a job what its slot asks for, its options, and a tag to find it by', async () => {
    const { runner, clock } = scheduled({ options: { priority: 'high', tags: ['reports'], tenant: 't' } })
    await runner.tick()
    await clock.advance(hour)
    await runner.tick()

    const { jobs } = await runner.list({ tag: 'schedule:hourly' })
    expect(jobs).toMatchObject([{ priority: 10, tenant: 't', tags: ['reports', 'schedule:hourly'] }])
    expect(await runner.get(jobs[0]?.id ?? '')).toMatchObject({ input: { day: '01-01T01:00' } })
  })

  test('of twenty workers at once makes one job', async () => {
    const { runner, another, made, clock } = scheduled()
    await runner.tick()
    await clock.advance(hour)

    const workers = Array.from({ length: 20 }, another)
    const ticks = Promise.all(workers.map(worker => worker.tick()))
    await clock.advance(10_000)
    const enqueued = (await ticks).map(tick => tick.enqueued)

    expect(enqueued.reduce((sum, count) => sum + count)).toBe(1)
    expect(await made()).toEqual(['01-01T01:00'])
  })

  test('does not make a job again that was pruned', async () => {
    const { runner, another, clock } = scheduled()
    await runner.tick()
    await clock.advance(hour)
    await runner.work()
    await runner.prune({ states: ['completed'], olderThanMs: 0, limit: 10 })

    expect(await another().tick()).toMatchObject({ enqueued: 0 })
    expect((await runner.list()).jobs).toEqual([])
  })

  test('a millisecond early does nothing, and is told to come back', async () => {
    const { runner, made, clock } = scheduled()
    await clock.advance(hour - 1)
    for (let early = 0; early < 10; early++)
      expect(await runner.tick()).toMatchObject({ enqueued: 0, dueInMs: 1 })
    await clock.advance(1)
    await runner.tick()
    expect(await made()).toEqual(['01-01T01:00'])
  })
})

describe('a worker', () => {
  test('that was started makes the jobs of a schedule when they are due, and works them', async () => {
    const { runner, made, clock } = scheduled({}, { pollMs: 3_600_000 })
    await runner.start()
    await clock.advance(hour)
    await clock.advance(10)

    expect(await made()).toEqual(['01-01T01:00'])
    expect((await runner.stats()).states.completed, 'it does not sleep past a slot').toBe(1)
    const stopped = runner.stop()
    await clock.advance(1_000)
    await stopped
  })

  test('makes and works what is due in one pass, and says when to come back', async () => {
    const { runner, clock } = scheduled()
    expect(await runner.work()).toEqual({ slices: 0, dueInMs: hour })
    await clock.advance(hour)
    expect(await runner.work()).toEqual({ slices: 1, dueInMs: hour })
  })

  test('in a test runs to the end of its jobs, and not on with the schedule for ever', async () => {
    const { runner, clock } = scheduled()
    await runner.work()
    await runner.enqueue(report, { day: 'later' }, { delayMs: 90 * minute })
    await runToEnd(runner, clock)
    expect((await runner.stats()).states).toMatchObject({ completed: 2, waiting: 0 })
  })

  test('makes no jobs of a processor that it does not have', async () => {
    const { runner, store, clock } = setup([report])
    await runner.schedules.upsert({ name: 'hourly', processor: report, input: { day: 'any' }, everyMs: hour })
    const stranger = setup([defineProcessor({ name: 'other', input: z.null(), run: () => {} })], {
      store,
      clock,
    })
    await clock.advance(hour)

    expect(await stranger.runner.tick()).toMatchObject({ enqueued: 0 })
    expect(await runner.tick()).toMatchObject({ enqueued: 1 })
  })
})

describe('slots that were missed', () => {
  const missed = { cron: '*/10 * * * *', everyMs: undefined }

  async function afterDowntime(catchUp: object) {
    const { runner, made, clock } = scheduled({ ...missed, ...catchUp })
    await runner.tick()
    await clock.advance(63 * minute)
    await runner.tick()
    await runner.tick()
    return made()
  }

  test('are passed over, but for the newest while it is on time', async () => {
    expect(await afterDowntime({})).toEqual(['01-01T01:00'])
    expect(await afterDowntime({ toleranceMs: 3 * minute })).toEqual(['01-01T01:00'])
    expect(await afterDowntime({ toleranceMs: 3 * minute - 1 })).toEqual([])
  })

  test('lead to one job with `last`, however late', async () => {
    expect(await afterDowntime({ catchUp: 'last', toleranceMs: 0 })).toEqual(['01-01T01:00'])
  })

  test('have a job each with `all`, the newest up to a limit', async () => {
    const all = ['00:10', '00:20', '00:30', '00:40', '00:50', '01:00'].map(time => `01-01T${time}`)
    expect(await afterDowntime({ catchUp: 'all' })).toEqual(all)
    expect(await afterDowntime({ catchUp: 'all', maxCatchUp: 2 })).toEqual(all.slice(-2))
  })

  test('are no storm after a year', async () => {
    const { runner, made, clock } = scheduled({ ...missed, catchUp: 'all' })
    await runner.tick()
    await clock.advance(365 * 24 * hour)
    expect(await runner.tick()).toMatchObject({ enqueued: 100 })
    expect((await made()).at(-1)).toBe('01-01T00:00')
  })

  test('many at once are made a part at a time', async () => {
    const schedules = Array.from({ length: 12 }, (_, index) => ({
      ...hourly,
      name: `s${index}`,
      catchUp: 'all' as const,
    }))
    const { runner, clock } = setup([report], { schedules, retention: false })
    await runner.tick()
    await clock.advance(100 * hour)

    expect(await runner.tick()).toMatchObject({ enqueued: 500, pruned: 0 })
    expect(await runner.tick()).toMatchObject({ enqueued: 500 })
    expect(await runner.tick()).toMatchObject({ enqueued: 200 })
    expect(await runner.tick()).toMatchObject({ enqueued: 0 })
  })
})

describe('a schedule for one instant', () => {
  const at = (instant: string) => ({ everyMs: undefined, at: instant })

  test('runs once, also when its worker comes late', async () => {
    const { runner, made, clock } = scheduled(at('2026-01-01T02:00:00Z'))
    expect(await runner.tick()).toMatchObject({ dueInMs: 2 * hour })
    await clock.advance(50 * hour)
    expect(await runner.tick()).toEqual({ enqueued: 1, pruned: 0, dueInMs: null })
    expect(await runner.tick()).toMatchObject({ enqueued: 0 })
    expect(await made()).toEqual(['01-01T02:00'])
  })

  test('runs when it is new and only just over, and not when it is long over', async () => {
    const justOver = scheduled(at('2025-12-31T23:56:00Z'))
    const longOver = scheduled(at('2025-12-31T23:54:00Z'))
    expect(await justOver.runner.tick()).toMatchObject({ enqueued: 1 })
    expect(await longOver.runner.tick()).toMatchObject({ enqueued: 0, dueInMs: null })
  })
})

describe('a schedule whose timing is changed in code', () => {
  test('begins with it, and has no slot twice', async () => {
    const { runner, made, store, clock } = scheduled({ catchUp: 'all' })
    await runner.tick()
    await clock.advance(2 * hour)
    await runner.tick()
    const next = scheduled({ everyMs: 20 * minute, catchUp: 'all' }, { store, clock })
    await next.runner.tick()
    await clock.advance(40 * minute)
    await next.runner.tick()

    const times = ['01:00', '02:00', '02:20', '02:40'].map(time => `01-01T${time}`)
    expect(await made()).toEqual(times)
  })

  test('loses no slot while both versions run side by side', async () => {
    const { runner: before, made, store, clock } = scheduled({ toleranceMs: 30_000 })
    const { runner: after } = scheduled({ everyMs: 20 * minute, toleranceMs: 30_000 }, { store, clock })
    for (let seconds = 0; seconds <= 3_600; seconds += 10) {
      await (seconds % 20 === 0 ? before : after).tick()
      await clock.advance(10_000)
    }
    expect(await made()).toEqual(['00:20', '00:40', '01:00'].map(time => `01-01T${time}`))
  })
})

describe('trouble with one schedule', () => {
  test('is told, stops no other, and is caught up on', async () => {
    let broken = false
    const moody: Schedule<typeof report> = {
      ...hourly,
      name: 'broken',
      input: ({ slot }) => {
        if (broken) throw new Error('no day today')
        return { day: slot }
      },
    }
    const schedules = [moody, hourly]
    const { runner, clock } = setup([report], { schedules, retention: false })
    const errors: unknown[] = []
    runner.on('error', error => errors.push(error))
    await runner.tick()
    await clock.advance(hour)

    broken = true
    expect(await runner.tick()).toMatchObject({ enqueued: 1 })
    expect(errors).toMatchObject([
      { code: 'schedule_failed', schedule: 'broken', cause: { message: 'no day today' } },
    ])
    broken = false
    expect(await runner.tick()).toMatchObject({ enqueued: 1 })
  })

  test('leaves the jobs that one tick makes to the others', async () => {
    let broken = false
    const input: typeof hourly.input = () => {
      if (broken) throw new Error('none of them')
      return { day: '' }
    }
    const all = { catchUp: 'all', maxCatchUp: 500 } as const
    const schedules = [
      { ...hourly, ...all, name: 'moody', input },
      { ...hourly, ...all, name: 'sound' },
    ]
    const { runner, clock } = setup([report], { schedules, retention: false })
    await runner.tick()
    broken = true
    await clock.advance(500 * hour)
    expect(await runner.tick()).toMatchObject({ enqueued: 500 })
    expect((await runner.list({ tag: 'schedule:sound' }, { limit: 1_000 })).jobs).toHaveLength(500)
  })

  test('an input that fits no more makes a job that fails where it is seen', async () => {
    const { runner, store, clock } = setup([report], { retention: false })
    await runner.schedules.upsert({ name: 'old', processor: 'report', input: { day: 'one' }, everyMs: hour })
    const stricter = defineProcessor({
      name: 'report',
      input: z.object({ month: z.string() }),
      run: () => {},
    })
    const next = setup([stricter], { store, clock, retention: false })
    await clock.advance(hour)

    await next.runner.work()
    expect((await next.runner.list()).jobs).toMatchObject([
      { state: 'failed', errors: { last: { code: 'invalid_input' } } },
    ])
  })

  test('a store that is away fails the tick and not the worker', async () => {
    const { runner, store, clock } = scheduled()
    const cell = store.cell
    store.cell = () => Promise.reject(new Error('connection refused'))
    const errors: unknown[] = []
    runner.on('error', error => errors.push(error))
    await expect(runner.tick()).rejects.toThrow('connection refused')

    await runner.enqueue(report, { day: 'one' })
    expect(await runner.work(), 'the book is tried again').toEqual({ slices: 1, dueInMs: 5_000 })
    expect(errors, 'of the book, and of what is paused').toMatchObject([
      { message: 'connection refused' },
      { message: 'connection refused' },
    ])
    store.cell = cell
    await clock.advance(hour)
    expect(await runner.tick()).toMatchObject({ enqueued: 0, dueInMs: hour })
  })
})
