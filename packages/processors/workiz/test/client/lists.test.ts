import { describe, expect, test } from 'vitest'
import { noContent, status } from '../../src/fake/index.js'
import { failureOf, inTime, setup } from '../support.js'

describe('a page of jobs', () => {
  test.each(['observed', 'published'] as const)('is read from the %s wrapping', async envelope => {
    const { clock, client, fake } = setup({ profile: { envelope } })
    const page = await inTime(clock, client.listJobs({ startDate: '2025-11-01', offset: 200 }))

    expect(page).toMatchObject({ hasMore: false, ...(envelope === 'observed' && { found: 257 }) })
    expect(page.jobs.map(({ UUID }) => UUID)).toEqual([...fake.state.jobs.keys()].slice(200))
  })

  test('says that there is more when a wrapping without has_more comes full', async () => {
    const { clock, client } = setup({ profile: { envelope: 'published' } })
    expect(await inTime(clock, client.listJobs({ records: 50 }))).toMatchObject({ hasMore: true })
  })

  test('is asked for with every filter', async () => {
    const { clock, client, fake } = setup()
    const query = {
      startDate: '2025-12-01',
      offset: 3,
      records: 2,
      onlyOpen: true,
      statuses: ['Pending', 'Submitted'],
    }
    await inTime(clock, client.listJobs(query))

    const search = 'start_date=2025-12-01&offset=3&records=2&only_open=true&status=Pending&status=Submitted'
    expect(fake.calls[0]?.search.toString()).toBe(search)
  })

  test.each([
    ['204', noContent()],
    ['flag false', status(200, { flag: false, msg: 'no' })],
    ['a job without a UUID', status(200, { flag: true, data: [{ Status: 'Done' }] })],
    ['something that is no record', status(200, { flag: true, data: [1] })],
  ])('fails the run after %s, and is never taken for an empty list', async (_, fault) => {
    const { clock, client } = setup({ faults: [{ fault }] })
    const failure = await failureOf(inTime(clock, client.listJobs()))
    expect(failure).toMatchObject({ code: 'upstream_bad_response', scope: 'run' })
  })
})

describe('the other lists', () => {
  test('give the team, its time off and the leads', async () => {
    const { clock, client, fake } = setup()
    expect(await inTime(clock, client.team())).toEqual(fake.state.team)
    expect(await inTime(clock, client.timeOff())).toEqual(fake.state.timeOff)
    expect(await inTime(clock, client.leads())).toMatchObject({ records: fake.state.leads, hasMore: false })
    fake.assertNoUnexpected()
  })
})

describe('what offset counts', () => {
  test.each(['record', 'page'] as const)('is found out to be a %s by one request', async offsetMode => {
    const { clock, client, fake } = setup({ profile: { offsetMode } })
    const query = { startDate: '2025-11-01' }
    const first = await inTime(clock, client.listJobs(query))

    expect(await inTime(clock, client.probeOffset(first, query))).toBe(offsetMode)
    expect(fake.calls).toHaveLength(2)
  })
})
