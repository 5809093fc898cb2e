import { interruptAt, runToEnd } from '@longhaul/core/testing'
import { describe, expect, test } from 'vitest'
import { cf520, makeData, noContent, status, type WorkizFake, w1 } from '../src/fake/index.js'
import { entryMaker } from '../src/index.js'
import { callsTo, scenario, yearMs, zone } from './scenario.js'
import { noon } from './support.js'

const refreshed = { updated: 25, unchanged: 200, deletedGone: 12, deletedRetention: 3, failed: 0 }

/** The time from each call to the next. */
function gapsOf({ calls }: WorkizFake): number[] {
  return calls.slice(1).map((call, index) => call.at - Number(calls[index]?.at))
}

describe('the limit of Workiz', () => {
  test('is never met: one call a second, and 20 seconds of rest after 25', async () => {
    const { fake, run } = await scenario({ mode: 'refresh' })
    await run()

    const gaps = gapsOf(fake)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000)
    expect(gaps.filter(gap => gap >= 20_000)).toHaveLength(9)
  })

  test('when met all the same, closes the account for at least 20 seconds, and costs no attempt', async () => {
    const retryAfter = status(429, null, { 'retry-after': '7' })
    const { fake, run } = await scenario(
      { mode: 'refresh' },
      { faults: [{ fault: retryAfter, after: 9, times: 1 }] },
    )
    const { state, job, output } = await run()

    expect(Number(fake.calls[10]?.at) - Number(fake.calls[9]?.at)).toBeGreaterThanOrEqual(20_000)
    expect(job?.errors).toBeNull()
    expect([state, output?.unchanged]).toEqual(['completed', 200])
  })
})

describe('a sync that is interrupted', () => {
  test.each(['refresh', 'listing'] as const)('goes on as a %s, and ends with the same result', async mode => {
    const { clock, fake, rows, runner, sync } = await scenario({ mode })
    const { id } = await runner.enqueue(sync, { accountId: 'A' })
    for (let items = 10; items < 250; items += 60) await interruptAt(runner, clock, items)
    await runToEnd(runner, clock)

    expect(await runner.get(id)).toMatchObject({ state: 'completed', output: refreshed })
    expect(rows.jobs('default', 'A')).toHaveLength(mode === 'refresh' ? 225 : 257)
    expect(callsTo(fake, 'job/get/')).toBe(mode === 'refresh' ? 237 : 12)
  })
})

describe('two syncs of one account', () => {
  test('keep to one rate together, and both end well', async () => {
    const { clock, fake, runner, sync } = await scenario({ mode: 'refresh' })
    const jobs = await Promise.all([1, 2].map(() => runner.enqueue(sync, { accountId: 'A' })))
    await runToEnd(runner, clock)

    const ended = await Promise.all(jobs.map(({ id }) => runner.get(id)))
    expect(ended.map(job => job?.state)).toEqual(['completed', 'completed'])
    expect(Math.min(...gapsOf(fake))).toBeGreaterThanOrEqual(1_000)
  })
})

describe('after the guard withheld deletions of jobs that only seemed gone', () => {
  test('a retry that finds them alive deletes none of them', async () => {
    const faults = [{ on: /W\d+\/$/, fault: noContent(), times: 150 }]
    const { clock, rows, runner, run } = await scenario({ mode: 'refresh' }, { faults })
    const { id, state } = await run()
    expect(state).toBe('completed_with_errors')

    await runner.retry(id)
    await runToEnd(runner, clock)
    expect(await runner.get(id)).toMatchObject({
      state: 'completed',
      output: { ...refreshed, updated: 0, unchanged: 225, deletesWithheld: 0 },
    })
    expect(rows.jobs('default', 'A')).toHaveLength(225)
  })
})

describe('a failed job', () => {
  test('is tried again alone, and the run is then complete', async () => {
    const { clock, fake, runner, run } = await scenario(
      { mode: 'refresh' },
      { faults: [{ on: 'W00090', fault: cf520(), times: 3 }] },
    )
    const { id, state } = await run()
    const before = fake.calls.length
    expect(state).toBe('completed_with_errors')

    await runner.retry(id, { only: 'failed' })
    await runToEnd(runner, clock)
    expect(await runner.get(id)).toMatchObject({
      state: 'completed',
      output: { scanned: 240, unchanged: 200, failed: 0 },
    })
    expect(fake.calls.length - before).toBe(1)
  })

  test('never counts as gone, however many fail', async () => {
    const { rows, run } = await scenario(
      { mode: 'refresh', tolerate: { ratio: 1 } },
      { faults: [{ fault: status(200, { flag: false }) }] },
    )
    const { state, output } = await run()
    expect([state, output?.failed, rows.jobs('default', 'A').length]).toEqual([
      'completed_with_errors',
      237,
      237,
    ])
  })
})

describe('rows that are missing from a listing', () => {
  test('are kept when they may be', async () => {
    const { fake, rows, run } = await scenario({ deleteMissing: 'never', retentionMs: null })
    const { output } = await run()
    expect(output).toMatchObject({ inserted: 32, deletedGone: 0, deletedRetention: 0 })
    expect([callsTo(fake, 'job/get/'), rows.jobs('default', 'A').length]).toEqual([0, 272])
  })

  test('are asked for only within the budget, the longest unseen first, and the rest later', async () => {
    const { clock, fake, rows, run } = await scenario({ detailBudget: 5 })
    const seen = (hour: string) => ({ fetchedAt: `2026-01-13T${hour}:00:00.000Z` })
    const gone = fake.local.filter(({ UUID }) => UUID.startsWith('G')).map(entryMaker(zone))
    await rows.upsertMany('default', 'A', gone.slice(7), seen('01'))

    expect((await run()).output).toMatchObject({ deletedGone: 5, deferred: 7 })
    const asked = fake.calls
      .filter(({ path }) => path.startsWith('job/get/'))
      .map(({ path }) => path.slice(8, 14))
    expect(asked).toEqual(['G00008', 'G00009', 'G00010', 'G00011', 'G00012'])

    await clock.advance(60_000)
    expect((await run()).output).toMatchObject({ deletedGone: 5, deferred: 2 })
    await clock.advance(60_000)
    expect((await run()).output).toMatchObject({ deletedGone: 2, deferred: 0 })
  })

  test('go without being asked for when the listing is trusted', async () => {
    const data = makeData({
      jobs: 257,
      newest: '2026-01-14 09:00:00',
      local: { same: 225, stale: 0, gone: 12, expired: 3 },
    })
    const { fake, run } = await scenario({ deleteMissing: 'trust-listing' }, { data })
    expect((await run()).output).toMatchObject({ deletedGone: 12, deletedRetention: 3 })
    expect(callsTo(fake, 'job/get/')).toBe(0)
  })

  test('are asked for all the same when they lie ahead, or the listing was filtered', async () => {
    const ahead = await scenario({ deleteMissing: 'trust-listing' }, { profile: { upperBoundToday: true } })
    await ahead.run()
    const kept = ahead.rows.jobs('default', 'A').filter(({ UUID }) => UUID.startsWith('W'))
    expect(kept).toEqual([...ahead.fake.state.jobs.values()])

    const filtered = await scenario({ deleteMissing: 'trust-listing', onlyOpen: true, detailBudget: 1_000 })
    expect((await filtered.run()).output).toMatchObject({ deletedGone: 12 })
    expect(callsTo(filtered.fake, 'job/get/')).toBeGreaterThan(12)
  })

  test('are none of those that are older than the listing', async () => {
    const { fake, rows, run } = await scenario({ startDate: { daysBack: 14 }, retentionMs: null })
    await run()
    const asked = fake.calls.filter(({ path }) => path.startsWith('job/get/'))
    expect(asked).toHaveLength(12)
    expect(rows.jobs('default', 'A')).toHaveLength(200 + 25 + 3)
  })
})

describe('a listing that is not complete', () => {
  test.each([
    ['stops at maxPages', { maxPages: 2 }, {}],
    ['gives fewer jobs than it says', {}, { faults: [{ on: 'job/all/', fault: short(), times: 1 }] }],
  ])('deletes no missing row, and says so, when it %s', async (_, options, fakeOptions) => {
    const { fake, rows, run, runner } = await scenario(options, fakeOptions)
    const { id, state, output } = await run()

    expect(state).toBe('completed_with_errors')
    expect(output).toMatchObject({ deletedGone: 0, deletedRetention: 3, failed: 1 })
    expect(callsTo(fake, 'job/get/')).toBe(0)
    expect(rows.jobs('default', 'A').filter(({ UUID }) => UUID.startsWith('G'))).toHaveLength(12)
    const { records } = await runner.items(id)
    expect(records).toMatchObject([
      { key: 'listing', reason: expect.stringContaining('No missing row was deleted') },
    ])
  })

  function short() {
    const page = { flag: true, data: w1().jobs.slice(0, 50), has_more: false, found: 257 }
    return status(200, page)
  }

  test('fails as a whole when a page fails, and goes on with that page when tried again', async () => {
    const faults = [{ on: 'job/all/', fault: cf520(), after: 2, times: 3 }]
    const { fake, run } = await scenario({ offsetMode: 'record' }, { faults })
    const { state, output } = await run()
    expect([state, output?.listed, callsTo(fake, 'job/all/')]).toEqual(['completed', 257, 6])
  })
})

describe('a listing takes in', () => {
  test('only the sources that are asked for', async () => {
    const { rows, fake, run } = await scenario({ sourceFilter: ['Google'], deleteMissing: 'never' })
    const before = new Set(rows.jobs('default', 'A').map(({ UUID }) => UUID))
    const { output } = await run()
    const added = rows.jobs('default', 'A').filter(({ UUID }) => !before.has(UUID))

    expect(output?.listed).toBe(257)
    expect(new Set(added.map(({ JobSource }) => JobSource))).toEqual(new Set(['Google']))
    expect(added).toHaveLength(
      [...fake.state.jobs.values()].slice(225).filter(job => job.JobSource === 'Google').length,
    )
  })

  test('what offset counts only once per account', async () => {
    const { fake, run } = await scenario()
    await run()
    await run()
    expect(fake.calls.filter(({ search }) => search.get('offset') === '1')).toHaveLength(1)
  })

  test('dates as instants, read in the account’s zone', async () => {
    const { rows, run } = await scenario()
    await run()
    const [row] = await rows.scan('default', 'A', null, 1)
    expect(row).toMatchObject({ uuid: 'W00001', jobDateTime: '2026-01-25T17:00:00.000Z' })
    expect(Date.parse(String(row?.fetchedAt))).toBe(noon)
  })
})

describe('retention', () => {
  test('off keeps every row, however old', async () => {
    const { rows, run } = await scenario({ retentionMs: null, mode: 'refresh', deleteMissing: 'never' })
    expect((await run()).output).toMatchObject({ deletedRetention: 0, deletedGone: 0, deferred: 15 })
    expect(rows.jobs('default', 'A')).toHaveLength(240)
  })

  test('on deletes old rows in a listing that asks for nothing', async () => {
    const { run } = await scenario({ retentionMs: yearMs, deleteMissing: 'never' })
    expect((await run()).output).toMatchObject({ deletedRetention: 3, deletedGone: 0 })
  })
})

test('several rows may be in flight without going faster', async () => {
  const { fake, run } = await scenario({ mode: 'refresh', concurrency: 4 })
  expect((await run()).output).toMatchObject({ scanned: 240, ...refreshed })
  const gaps = gapsOf(fake)
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000)
})

test.each([
  ['pageSize', { pageSize: 101 }],
  ['detailBudget', { detailBudget: -1 }],
  ['rate.perSecond', { rate: { perSecond: 0 } }],
])('an option out of range is refused: %s', async (option, options) => {
  await expect(scenario(options)).rejects.toMatchObject({ code: 'invalid_options', option })
})
