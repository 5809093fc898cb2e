import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { encryption } from '../../src/codecs/index.js'
import { defineProcessor, type Schedule } from '../../src/index.js'
import { setup } from '../setup.js'

const minute = 60_000
const hour = 60 * minute
const sync = defineProcessor({ name: 'sync', input: z.object({ account: z.string() }), run: () => {} })
const nightly = {
  name: 'nightly',
  processor: sync,
  input: { account: 'a' },
  cron: '0 3 * * *',
  timeZone: 'Europe/Berlin',
} as const

const kept = () => setup([sync], { retention: false })

async function madeBy({ runner }: ReturnType<typeof kept>, name: string): Promise<number> {
  return (await runner.list({ tag: `schedule:${name}` })).jobs.length
}

describe('a schedule made at run time', () => {
  test('is shown, with its slots', async () => {
    const { runner } = kept()
    const view = await runner.schedules.upsert(nightly)
    expect(view).toEqual({
      name: 'nightly',
      processor: 'sync',
      when: { cron: '0 3 * * *', timeZone: 'Europe/Berlin' },
      catchUp: 'skip',
      source: 'store',
      paused: false,
      lastSlot: null,
      nextSlot: '2026-01-01T02:00:00.000Z',
      input: { account: 'a' },
    })
    expect(await runner.schedules.list()).toEqual([view])
    expect(await runner.schedules.next('nightly', 2)).toEqual([
      '2026-01-01T02:00:00.000Z',
      '2026-01-02T02:00:00.000Z',
    ])
  })

  test('is made by any worker of the store, from its next look on', async () => {
    const scene = kept()
    const { runner, another, clock } = scene
    const worker = another()
    await worker.start()
    await clock.advance(5_000)
    await runner.schedules.upsert({ ...nightly, cron: '* * * * * *' })
    await clock.advance(10_500)
    expect(await madeBy(scene, 'nightly')).toBeGreaterThan(0)
    await Promise.all([worker.stop(), clock.advance(1_000)])
  })

  test('is made at once by the worker of the process that made it', async () => {
    const scene = kept()
    await scene.runner.start()
    await scene.clock.advance(5_000)
    await scene.runner.schedules.upsert({
      ...nightly,
      cron: undefined,
      timeZone: undefined,
      everyMs: 1_000,
    } as never)
    await scene.clock.advance(2_500)
    expect(await madeBy(scene, 'nightly')).toBe(2)
    await Promise.all([scene.runner.stop(), scene.clock.advance(1_000)])
  })

  test('goes on where it was when it is made again, as at each start of an app', async () => {
    const scene = kept()
    const { runner, clock } = scene
    const rare = {
      name: 'rare',
      processor: sync,
      input: { account: 'a' },
      everyMs: hour,
      catchUp: 'all',
    } as const
    await runner.schedules.upsert(rare)
    for (let start = 0; start < 9; start++) {
      await clock.advance(20 * minute)
      await runner.schedules.upsert({ ...rare, input: { account: `${start}` } })
    }
    await runner.tick()
    expect(await madeBy(scene, 'rare')).toBe(3)
    expect(await runner.schedules.list()).toMatchObject([
      { lastSlot: '2026-01-01T03:00:00.000Z', input: { account: '8' } },
    ])
  })

  test('begins anew with another timing', async () => {
    const scene = kept()
    const { runner, clock } = scene
    await runner.schedules.upsert({
      name: 's',
      processor: sync,
      input: { account: 'a' },
      everyMs: 24 * hour,
      catchUp: 'all',
    })
    await clock.advance(12 * hour)
    await runner.schedules.upsert({
      name: 's',
      processor: sync,
      input: { account: 'a' },
      everyMs: hour,
      catchUp: 'all',
    })
    await clock.advance(hour)
    await runner.tick()
    expect(await madeBy(scene, 's')).toBe(1)
  })

  test('for one instant leaves the store when it is over', async () => {
    const { runner, clock } = kept()
    const once = {
      name: 'once',
      processor: sync,
      input: { account: 'a' },
      at: '2026-01-01T01:00:00Z',
    } as const
    await runner.schedules.upsert(once)
    await clock.advance(2 * hour)
    expect(await runner.tick()).toMatchObject({ enqueued: 1 })
    expect(await runner.schedules.list()).toEqual([])
    await expect(runner.schedules.upsert(once)).rejects.toMatchObject({
      code: 'invalid_schedule',
      message: 'Schedule "once": its instant has passed. To run it now, enqueue a job.',
    })
  })

  test('is gone once it was removed, and its jobs are not', async () => {
    const scene = kept()
    const { runner, clock } = scene
    await runner.schedules.upsert({ ...nightly, cron: '0 * * * *' })
    await clock.advance(hour)
    await runner.tick()
    await runner.schedules.remove('nightly')
    await clock.advance(hour)
    await runner.tick()
    expect(await madeBy(scene, 'nightly')).toBe(1)
    expect(await runner.schedules.list()).toEqual([])
    await expect(runner.schedules.remove('nightly')).rejects.toMatchObject({ code: 'schedule_not_found' })
  })

  test('keeps a name that means something to objects', async () => {
    const { runner } = kept()
    for (const name of ['__proto__', 'constructor']) await runner.schedules.upsert({ ...nightly, name })
    expect((await runner.schedules.list()).map(({ name }) => name)).toEqual(['__proto__', 'constructor'])
  })
})

describe('a paused schedule', () => {
  test('makes nothing, and later nothing for that time either', async () => {
    const scene = kept()
    const { runner, clock } = scene
    await runner.schedules.upsert({
      name: 's',
      processor: sync,
      input: { account: 'a' },
      everyMs: hour,
      catchUp: 'all',
    })
    expect(await runner.schedules.pause('s')).toMatchObject({ paused: true, nextSlot: null })
    await clock.advance(5 * hour)
    expect(await runner.tick()).toMatchObject({ enqueued: 0, dueInMs: null })

    expect(await runner.schedules.resume('s')).toMatchObject({
      paused: false,
      nextSlot: '2026-01-01T06:00:00.000Z',
    })
    expect(await runner.tick()).toMatchObject({ enqueued: 0, dueInMs: hour })
    await clock.advance(hour)
    expect(await runner.tick()).toMatchObject({ enqueued: 1 })
  })

  test('stays paused when it is made again, and can be paused twice', async () => {
    const { runner } = kept()
    await runner.schedules.upsert(nightly)
    await runner.schedules.pause('nightly')
    await runner.schedules.pause('nightly')
    expect(await runner.schedules.upsert({ ...nightly, cron: '0 4 * * *' })).toMatchObject({ paused: true })
  })

  test('that nobody knows is an error that says so', async () => {
    const { runner } = kept()
    for (const ask of [runner.schedules.pause, runner.schedules.resume, runner.schedules.next]) {
      await expect(ask('nobody')).rejects.toMatchObject({ code: 'schedule_not_found', schedule: 'nobody' })
    }
  })
})

describe('a schedule in code', () => {
  const inCode: Schedule<typeof sync> = {
    name: 'nightly',
    processor: sync,
    input: { account: 'code' },
    everyMs: hour,
  }
  const withCode = (more: object = {}) => setup([sync], { schedules: [inCode], retention: false, ...more })

  test('is what code says, whatever the store holds under its name', async () => {
    const { runner, store, clock } = kept()
    await runner.schedules.upsert(nightly)
    const other = withCode({ store, clock })
    expect(await other.runner.schedules.list()).toMatchObject([{ source: 'code', when: { everyMs: hour } }])
    await other.runner.tick()
    await clock.advance(hour)
    await other.runner.tick()
    const [job] = (await other.runner.list()).jobs
    expect(await other.runner.get(job?.id ?? '')).toMatchObject({ input: { account: 'code' } })
  })

  test('can be paused, for all workers and over restarts, and not be changed or removed', async () => {
    const { runner, another, clock } = withCode()
    await runner.schedules.pause('nightly')
    await clock.advance(hour)
    expect(await another().tick()).toMatchObject({ enqueued: 0 })
    expect(await another().schedules.resume('nightly')).toMatchObject({ paused: false, source: 'code' })

    await expect(runner.schedules.upsert(nightly)).rejects.toMatchObject({ code: 'schedule_in_code' })
    await expect(runner.schedules.remove('nightly')).rejects.toMatchObject({ code: 'schedule_in_code' })
  })

  test('that is no longer in the code makes nothing, and is not shown', async () => {
    const { runner, store, clock } = withCode()
    await runner.tick()
    const later = setup([sync], { store, clock, retention: false })
    await clock.advance(hour)
    expect(await later.runner.tick()).toMatchObject({ enqueued: 0 })
    expect(await later.runner.schedules.list()).toEqual([])
  })
})

describe('what a store keeps of schedules', () => {
  test('is sealed where jobs are, and a runner that can not open it tells so and goes on', async () => {
    const codec = encryption({ keys: { k: Buffer.alloc(32, 7) }, use: 'k' })
    const scene = setup([sync], { retention: false, codec })
    const { runner, store, clock } = scene
    await runner.schedules.upsert({ ...nightly, input: { account: 'secret' } })
    expect((await store.cell('schedules')).value).not.toContain('secret')
    expect(await runner.schedules.list()).toMatchObject([{ input: { account: 'secret' } }])
    await clock.advance(2 * hour)

    const stranger = setup([sync], { store, clock, retention: false })
    const errors: unknown[] = []
    stranger.runner.on('error', error => errors.push(error))
    expect(await stranger.runner.tick()).toMatchObject({ enqueued: 0 })
    expect(await stranger.runner.tick()).toMatchObject({ enqueued: 0 })
    expect(errors, 'once').toMatchObject([
      { code: 'schedule_failed', schedule: 'nightly', cause: { code: 'payload_codec_missing' } },
    ])
    expect(await runner.tick()).toMatchObject({ enqueued: 1 })
    expect(await madeBy(scene, 'nightly')).toBe(1)
  })

  const many = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({ ...nightly, name: `s${from + index}` }))

  test('is a thousand made at run time, and an error that says so', async () => {
    const { runner, store } = kept()
    await runner.schedules.upsert(nightly)
    const { value, version } = await store.cell('schedules')
    const { nightly: entry } = JSON.parse(value ?? '')
    const full = Object.fromEntries(
      many(0, 1_000).map(one => [
        one.name,
        { ...entry, definition: { ...entry.definition, name: one.name } },
      ]),
    )
    await store.swap('schedules', { id: 'full', version, value: JSON.stringify(full) })

    expect(await runner.schedules.list()).toHaveLength(1_000)
    await expect(runner.schedules.upsert(nightly)).rejects.toMatchObject({
      code: 'too_many_schedules',
      schedule: 'nightly',
    })
    await runner.schedules.upsert({ ...nightly, name: 's0', input: { account: 'changed' } })
  })

  test('is a million characters', async () => {
    const { runner } = kept()
    const large = { account: 'x'.repeat(250_000) }
    for (let index = 0; index < 3; index++)
      await runner.schedules.upsert({ ...nightly, name: `${index}`, input: large })
    await expect(runner.schedules.upsert({ ...nightly, input: large })).rejects.toMatchObject({
      code: 'too_large',
      limit: 1_000_000,
    })
  })

  test('does not grow with names that code gave up, and remembers what is paused', async () => {
    const { store, clock, runner } = kept()
    await runner.schedules.upsert(nightly)
    for (const deploy of [0, 1, 2]) {
      const schedules = many(deploy * 600, 600)
      const { runner } = setup([sync], { schedules, store, clock, retention: false })
      await runner.schedules.pause(`s${deploy * 600}`)
      await clock.advance(1_000)
      await runner.tick()
    }
    const { value } = await store.cell('schedules')
    const names = Object.keys(JSON.parse(value ?? ''))
    expect(names).toHaveLength(1_004)
    expect(names).toEqual(expect.arrayContaining(['nightly', 's0', 's600', 's1200', 's1799']))
  })
})
