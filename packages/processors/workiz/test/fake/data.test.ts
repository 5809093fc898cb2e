import { describe, expect, test } from 'vitest'
import { createWorkizFake, makeData, w1 } from '../../src/fake/index.js'
import { inTime, setup } from '../support.js'

describe('the data set w1', () => {
  test.each([
    [{}, 98],
    [{ startDate: '2025-12-01' }, 222],
    [{ startDate: '2025-11-01' }, 257],
    [{ startDate: '2025-11-01', onlyOpen: true }, 154],
  ])('lists for %j %i jobs', async (query, found) => {
    const { clock, client } = setup()
    expect(await inTime(clock, client.listJobs(query))).toMatchObject({ found, hasMore: found > 100 })
  })

  test('comes in pages of 100, 100 and 57', async () => {
    const { clock, client } = setup()
    const pages = []
    for (const offset of [0, 100, 200]) {
      pages.push(await inTime(clock, client.listJobs({ startDate: '2025-11-01', offset })))
    }
    expect(pages.map(({ jobs, hasMore }) => [jobs.length, hasMore])).toEqual([
      [100, true],
      [100, true],
      [57, false],
    ])
    expect(new Set(pages.flatMap(({ jobs }) => jobs.map(({ UUID }) => UUID))).size).toBe(257)
  })

  test('goes from 25 January 09:00 back to 22 November 09:00', () => {
    const dates = w1().jobs.map(({ JobDateTime }) => JobDateTime)
    expect([dates[0], dates.at(-1)]).toEqual(['2026-01-25 09:00:00', '2025-11-22 09:00:00'])
  })

  test('has a copy of 240 rows: 200 alike, 25 older, 12 gone, 3 past retention', () => {
    const { local, state } = createWorkizFake()
    const standing = local.map(job => {
      const remote = state.jobs.get(job.UUID)
      if (remote) return JSON.stringify(remote) === JSON.stringify(job) ? 'alike' : 'older'
      return String(job.JobDateTime) < '2025-01-15' ? 'past' : 'gone'
    })
    const count = (kind: string) => standing.filter(each => each === kind).length
    expect(['alike', 'older', 'gone', 'past'].map(count)).toEqual([200, 25, 12, 3])
  })
})

describe('made data', () => {
  test('has the size that was asked for', () => {
    const { jobs, local } = makeData({
      jobs: 1_500,
      local: { same: 1_300, stale: 100, gone: 40, expired: 10 },
    })
    expect([jobs.length, local.length, new Set(jobs.map(({ UUID }) => UUID)).size]).toEqual([
      1_500, 1_450, 1_500,
    ])
  })

  test('is the same each time', () => {
    expect(makeData({ jobs: 30, local: { same: 5, stale: 1, gone: 1, expired: 1 } })).toEqual(
      makeData({ jobs: 30, local: { same: 5, stale: 1, gone: 1, expired: 1 } }),
    )
  })
})

describe('the profile', () => {
  test('gives every n-th job its oddity', () => {
    const { state } = createWorkizFake()
    const of = (serial: number) => state.jobs.get(`W${String(serial).padStart(5, '0')}`) ?? { UUID: '' }
    expect('item_cost' in of(7)).toBe(false)
    expect('item_cost' in of(8)).toBe(true)
    expect([of(11).Unit, of(13).Comments]).toEqual([11, [{ comment: '' }]])
  })

  test('may spell ids and leave oddities out', () => {
    const profile = { teamIdCase: 'ID', omitCosts: 0, unitAsNumber: 0, commentsAsArray: 0 } as const
    const jobs = [...createWorkizFake({ profile }).state.jobs.values()]
    expect(jobs.every(job => 'item_cost' in job && typeof job.Unit === 'string')).toBe(true)
    expect(jobs[0]?.Team).toEqual([{ ID: 502, Name: 'Kim Vale' }])
  })

  test('may end lists with today', async () => {
    const { clock, client } = setup({ profile: { upperBoundToday: true } })
    const page = await inTime(clock, client.listJobs({ startDate: '2025-11-01' }))
    expect(page.jobs[0]?.JobDateTime).toBe('2026-01-15 21:00:00')
  })
})
