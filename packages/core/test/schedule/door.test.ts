import { expect, test } from 'vitest'
import { z } from 'zod'
import { createRunner, defineProcessor, memoryStore, nextSlots, type Schedule } from '../../src/index.js'
import { setup } from '../setup.js'

const sync = defineProcessor({ name: 'sync', input: z.object({ account: z.string() }), run: () => {} })
const good = { name: 'nightly', processor: sync, input: { account: 'a' }, cron: '0 3 * * *' } as const

const withSchedules = (...schedules: object[]) =>
  createRunner({ store: memoryStore(), processors: [sync], schedules: schedules as Schedule<typeof sync>[] })

const refused: readonly [what: string, schedule: object, message: string][] = [
  [
    'a minute that no hour has',
    { cron: '61 * * * *' },
    'cron: "61 * * * *" can\'t be read: Invalid value for minute: 61',
  ],
  [
    'too few fields',
    { cron: '* * * *' },
    'cron: "* * * *" needs five fields, or six with seconds before them',
  ],
  ['a year', { cron: '0 0 0 1 1 * 2030' }, 'needs five fields'],
  ['an instant as a pattern', { cron: '2026-01-01T00:00:00' }, 'needs five fields'],
  ['an unknown nickname', { cron: '@sometimes' }, "can't be read"],
  ['a day that never comes', { cron: '0 0 30 2 *' }, 'cron: "0 0 30 2 *" names a day that never comes'],
  ['a pattern that is no text', { cron: 5 }, '`cron` must be text'],
  [
    'an unknown time zone',
    { timeZone: 'Europe/Atlantis' },
    'timeZone: "Europe/Atlantis" is not an IANA time zone',
  ],
  [
    'a time zone without a pattern',
    { cron: undefined, everyMs: 5_000, timeZone: 'UTC' },
    '`timeZone` is for `cron` only',
  ],
  [
    'too short an interval',
    { cron: undefined, everyMs: 999 },
    '`everyMs` must be a whole number from 1000 to',
  ],
  [
    'an interval that is no number',
    { cron: undefined, everyMs: Number.NaN },
    '`everyMs` must be a whole number',
  ],
  [
    'an instant without its offset',
    { cron: undefined, at: '2026-01-01T00:00:00' },
    'at: must be a Date or an ISO 8601 string',
  ],
  ['two timings', { everyMs: 5_000 }, 'exactly one of `cron`, `everyMs` and `at` must be given'],
  ['no timing', { cron: undefined }, 'exactly one of'],
  ['no name', { name: '' }, '`name` must have from 1 to 200 characters'],
  ['a misspelt option', { timezone: 'UTC' }, '`timezone` is unknown'],
  ['an unknown rule', { catchUp: 'some' }, "`catchUp` must be 'skip', 'last' or 'all'"],
  [
    'too many to catch up on',
    { maxCatchUp: 501 },
    '`maxCatchUp` must be a whole number from 1 to 500, not 501',
  ],
  ['a tolerance below zero', { toleranceMs: -1 }, '`toleranceMs`'],
  ['a key of its own', { options: { key: 'k' } }, '`options.key` is not for jobs of a schedule'],
]

test.each(refused)('%s is refused at the door, in code and at run time', async (_, wrong, message) => {
  const schedule = { ...good, ...wrong }
  expect(() => withSchedules(schedule)).toThrow(expect.objectContaining({ code: 'invalid_schedule' }))
  expect(() => withSchedules(schedule)).toThrow(message)
  const { runner } = setup([sync])
  await expect(runner.schedules.upsert(schedule as never)).rejects.toMatchObject({ code: 'invalid_schedule' })
  expect(await runner.schedules.list()).toEqual([])
})

test('an option that enqueue would refuse is refused as there', async () => {
  const schedule = {
    ...good,
    options: { priority: 'low', tags: Array.from({ length: 20 }, (_, index) => `${index}`) },
  }
  expect(() => withSchedules(schedule)).toThrow('tags: at most 20')
})

test('an unknown processor is refused', async () => {
  const stranger = { ...good, processor: 'stranger' }
  expect(() => withSchedules(stranger)).toThrow(expect.objectContaining({ code: 'unknown_processor' }))
  await expect(setup([sync]).runner.schedules.upsert(stranger as never)).rejects.toMatchObject({
    code: 'unknown_processor',
  })
})

test('two schedules of one name are refused', () => {
  expect(() => withSchedules(good, { ...good, cron: '0 4 * * *' })).toThrow('two schedules have this name')
})

test('an input that does not fit is refused before anything starts, and enqueue goes on', async () => {
  const { runner } = setup([sync], { schedules: [{ ...good, input: { account: 7 } } as never] })
  for (const ask of [runner.start, runner.work, runner.tick]) {
    await expect(ask()).rejects.toMatchObject({ code: 'invalid_schedule', cause: { code: 'invalid_input' } })
  }
  await expect(runner.enqueue(sync, { account: 'a' })).resolves.toMatchObject({ created: true })
  await expect(runner.schedules.upsert({ ...good, name: 'other', input: {} } as never)).rejects.toMatchObject(
    {
      code: 'invalid_input',
      issues: [{ path: ['account'] }],
    },
  )
})

test('an input that the store could not give back is refused', async () => {
  const { runner } = setup([defineProcessor({ name: 'any', input: z.any(), run: () => {} })])
  const schedule = { name: 's', processor: 'any', everyMs: 1_000 } as const
  await expect(runner.schedules.upsert({ ...schedule, input: { at: new Date(0) } })).rejects.toMatchObject({
    code: 'not_storable',
  })
  await expect(runner.schedules.upsert({ ...schedule, input: () => 1 })).rejects.toMatchObject({
    code: 'invalid_schedule',
    message: expect.stringContaining('`input` can be a function only in code'),
  })
})

test('the next slots can be shown without a store', () => {
  const after = '2026-03-28T12:00:00+01:00'
  expect(nextSlots({ cron: '30 2 * * *', timeZone: 'Europe/Berlin' }, { after, count: 2 })).toEqual([
    '2026-03-29T01:00:00.000Z',
    '2026-03-30T00:30:00.000Z',
  ])
  expect(nextSlots({ everyMs: 900_000 }, { after })).toHaveLength(5)
  expect(nextSlots({ at: new Date(0) }, { after })).toEqual([])
  expect(nextSlots({ cron: '@hourly' }, { after, count: 1 })).toEqual(['2026-03-28T12:00:00.000Z'])
  for (const [when, more] of [
    [{ cron: 'x' }, { after }],
    [{}, { after }],
    [{ at: 'soon' }, { after }],
    [{ everyMs: 1_000 }, { after: 'now' }],
    [{ everyMs: 1_000 }, { after, count: 0 }],
  ] as const) {
    expect(() => nextSlots(when as never, more)).toThrow(expect.objectContaining({ code: 'invalid_options' }))
  }
})
