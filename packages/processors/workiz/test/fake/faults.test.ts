import { describe, expect, test } from 'vitest'
import { cf520, clockSkew, delay, status, tooMany } from '../../src/fake/index.js'
import { failureOf, inTime, noon, setup } from '../support.js'

/** The status of each of `count` calls, one after another. */
async function statuses({ clock, fake }: ReturnType<typeof setup>, count: number): Promise<number[]> {
  const seen: number[] = []
  for (let call = 0; call < count; call++) {
    const answer = await inTime(clock, fake.fetch(`${fake.baseUrl}/${fake.token}/job/get/W00001/`))
    seen.push(answer.status)
  }
  return seen
}

describe('a fault', () => {
  test('strikes every call unless told otherwise', async () => {
    expect(await statuses(setup({ faults: [{ fault: cf520() }] }), 3)).toEqual([520, 520, 520])
  })

  test('strikes so many times, after so many calls', async () => {
    const faults = [{ fault: cf520(), after: 1, times: 2 }]
    expect(await statuses(setup({ faults }), 5)).toEqual([200, 520, 520, 200, 200])
  })

  test('gives way to an earlier rule, and counts the calls that the other one took', async () => {
    const faults = [
      { fault: status(500), times: 1 },
      { fault: tooMany(), after: 2, times: 1 },
      { fault: cf520(), after: 3 },
    ]
    expect(await statuses(setup({ faults }), 5)).toEqual([500, 200, 429, 520, 520])
  })

  test.each([
    ['a part of the path', 'W00001'],
    ['a pattern', /get\/W0+1\/$/],
    ['a test of the call', ({ number }: { number: number }) => number === 1],
  ])('is aimed by %s', async (_, on) => {
    const { clock, client } = setup({ faults: [{ on, fault: status(500) }] })
    expect(await failureOf(inTime(clock, client.getJob('W00001')))).toMatchObject({ status: 500 })
    expect(await inTime(clock, client.getJob('W00002'))).toMatchObject({ UUID: 'W00002' })
  })

  test('may be late, by the clock', async () => {
    const { clock, client } = setup({ faults: [{ fault: delay(5_000) }] })
    await inTime(clock, client.getJob('W00001'))
    expect(clock.now()).toBe(noon + 5_000)
  })

  test('may be a wrong Date', async () => {
    const { clock, fake } = setup({ faults: [{ fault: clockSkew(-60_000), times: 1 }] })
    const dates = []
    for (let call = 0; call < 2; call++) {
      const answer = await inTime(clock, fake.fetch(`${fake.baseUrl}/${fake.token}/team/all/`))
      dates.push(answer.headers.get('date'))
    }
    expect(dates).toEqual(['Thu, 15 Jan 2026 11:59:00 GMT', 'Thu, 15 Jan 2026 12:00:00 GMT'])
  })
})
