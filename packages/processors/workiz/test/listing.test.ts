import { describe, expect, test } from 'vitest'
import { cf520, type Fault, makeData, status, w1 } from '../src/fake/index.js'
import { entryMaker } from '../src/index.js'
import { callsTo, scenario, zone } from './scenario.js'
import { noon } from './support.js'

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
    expect(records.filter(({ outcome }) => outcome === 'failed')).toMatchObject([
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

  test('a job that moves on to a second page as one new job', async () => {
    const data = makeData({ jobs: 25, local: { same: 0, stale: 0, gone: 0, expired: 0 } })
    const push: Fault = answer => {
      const [newest] = fake.state.jobs.values()
      fake.state.jobs.set('N00001', { ...newest, UUID: 'N00001', JobDateTime: '2026-01-26 09:00:00' })
      return answer()
    }
    const faults = [{ on: 'job/all/', fault: push, after: 1, times: 1 }]
    const options = { pageSize: 10, offsetMode: 'record' } as const
    const { fake, rows, run } = await scenario(options, { data, faults })

    expect((await run()).output).toMatchObject({ listed: 26, inserted: 25, unchanged: 1 })
    expect(rows.jobs('default', 'A')).toHaveLength(25)
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
