import { interruptAt, runToEnd } from '@longhaul/core/testing'
import { describe, expect, test } from 'vitest'
import { cf520, makeData, status, tooMany, type WorkizFake } from '../src/fake/index.js'
import { callsTo, scenario } from './scenario.js'

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

describe('a gate of one’s own', () => {
  const dozen = makeData({ jobs: 12, local: { same: 12, stale: 0, gone: 0, expired: 0 } })

  test('takes the place of parts of the account’s, but never of its key', async () => {
    const gate = { spacingMs: 3_000, key: 'mine' }
    const { fake, sync, run } = await scenario({ mode: 'refresh', gate }, { data: dozen })
    expect(sync.policies.gate?.({ tenantId: 'default', accountId: 'A' })).toMatchObject({
      key: 'workiz:default:A',
      spacingMs: 3_000,
      pauseAfter: { calls: 25, pauseMs: 20_000 },
    })
    expect((await run()).output).toMatchObject({ unchanged: 12 })
    expect(Math.min(...gapsOf(fake))).toBeGreaterThanOrEqual(3_000)
  })

  test.each([
    [2, 2_000],
    ['none', 1_500],
  ])('may rest for less than 20 seconds after a 429 with Retry-After: %s', async (retryAfter, restMs) => {
    const faults = [{ fault: tooMany({ retryAfter }), after: 9, times: 1 }]
    const gate = { blockedMs: 1_500 }
    const { fake, run } = await scenario({ mode: 'refresh', gate }, { data: dozen, faults })
    await run()
    const rest = Number(gapsOf(fake)[9])
    expect(rest).toBeGreaterThanOrEqual(restMs)
    expect(rest).toBeLessThan(restMs + 2_000)
  })

  test('that cannot be is refused at once', async () => {
    await expect(scenario({ gate: { waitInPlaceMs: -1 } })).rejects.toMatchObject({ code: 'invalid_gate' })
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
      output: { scanned: 240, ...refreshed },
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
