import { fakeClock } from '@longhaul/core/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cf520, createWorkizFake, flagFalse, makeData, noContent, status } from '../src/fake/index.js'
import { entryMaker, memoryWorkizStore, runWorkizSync, type WorkizSyncOptions } from '../src/index.js'
import { yearMs, zone } from './scenario.js'
import { failureOf, inTime, noon } from './support.js'

const refreshed = {
  scanned: 240,
  updated: 25,
  unchanged: 200,
  deletedGone: 12,
  deletedRetention: 3,
  failed: 0,
}
const always = { accountTimeZone: zone, startDate: '2025-11-01', retentionMs: yearMs }

async function setup(faults: Parameters<typeof createWorkizFake>[0]) {
  const clock = fakeClock(noon)
  const fake = createWorkizFake({ clock, ...faults })
  const store = memoryWorkizStore()
  await store.upsertMany('default', 'A', fake.local.map(entryMaker(zone)), {
    fetchedAt: '2026-01-14T12:00:00.000Z',
  })
  const ports = { store, clock, fetch: fake.fetch, credentials: () => ({ apiToken: fake.token }) }
  const run = (options: WorkizSyncOptions, signal?: AbortSignal) =>
    inTime(
      clock,
      runWorkizSync(
        { accountId: 'A' },
        { ...always, baseUrl: fake.baseUrl, ...options },
        ports,
        signal && { signal },
      ),
    )
  return { clock, fake, store, ports, run }
}

describe('a sync without a runner', () => {
  test('gives the result of a refresh, at the rate of Workiz', async () => {
    const { clock, fake, run } = await setup({})
    const { result, errors } = await run({ mode: 'refresh' })

    expect([result, errors]).toMatchObject([refreshed, []])
    expect(fake.calls).toHaveLength(237)
    expect(clock.now() - noon).toBe(227_000 + 9 * 20_000)
  })

  test('gives the result of a listing', async () => {
    const { fake, store, run } = await setup({})
    expect((await run({})).result).toMatchObject({ listed: 257, inserted: 32, updated: 25, deletedGone: 12 })
    expect(store.jobs('default', 'A')).toEqual([...fake.state.jobs.values()])
  })

  test('tells what failed on its own', async () => {
    const { run } = await setup({
      faults: [
        { on: 'W00090', fault: cf520() },
        { on: 'W00095', fault: flagFalse() },
      ],
    })
    const { result, errors } = await run({ mode: 'refresh' })
    expect(result).toMatchObject({ ...refreshed, unchanged: 198, failed: 2 })
    expect(errors).toMatchObject([
      { key: 'W00090', error: { code: 'upstream_unavailable' } },
      { key: 'W00095', error: { code: 'upstream_bad_response' } },
    ])
  })

  test('tells of deletions that the guard withheld', async () => {
    const { store, run } = await setup({ faults: [{ fault: noContent() }] })
    const { result, errors } = await run({ mode: 'refresh' })
    expect(result).toMatchObject({ deletedGone: 0, deletesWithheld: 240 })
    expect(errors).toMatchObject([{ key: 'deletions', error: { code: 'guard_tripped' } }])
    expect(store.jobs('default', 'A')).toHaveLength(240)
  })

  test('ends at a revoked token', async () => {
    const { fake, run } = await setup({ faults: [{ fault: status(403) }] })
    expect(await failureOf(run({ mode: 'refresh' }))).toMatchObject({
      code: 'credentials_invalid',
      scope: 'tenant',
    })
    expect(fake.calls).toHaveLength(1)
  })

  test('ends when it is told to', async () => {
    const { fake, run } = await setup({})
    const stop = new AbortController()
    const work = failureOf(run({ mode: 'refresh' }, stop.signal))
    stop.abort(new Error('enough'))
    expect(await work).toMatchObject({ message: 'enough' })
    expect(fake.calls.length).toBeLessThan(2)
  })
})

const fates = {
  fine: undefined,
  gone: noContent(),
  refused: flagFalse(),
  down: cf520(),
} as const

test('a refresh accounts for each row once, whatever becomes of it', async () => {
  const shape = fc.record({ same: fc.nat(12), stale: fc.nat(6), gone: fc.nat(4), expired: fc.nat(4) })
  const fate = fc.constantFrom(...(Object.keys(fates) as (keyof typeof fates)[]))
  await fc.assert(
    fc.asyncProperty(shape, fc.array(fate, { maxLength: 12 }), async (local, strokes) => {
      const faults = strokes.flatMap((stroke, index) => {
        const fault = index % 4 === 0 ? undefined : fates[stroke] // five failures in a row open the breaker
        return fault ? [{ on: `W${String(index + 1).padStart(5, '0')}`, fault }] : []
      })
      const { store, run } = await setup({ data: makeData({ jobs: 20, local }), faults, rate: null })
      const { result } = await run({ mode: 'refresh', retry: { retries: 0 }, rate: { perSecond: 1_000 } })

      const { updated, unchanged, deletedGone, deletedRetention, failed, deferred } = result
      expect(updated + unchanged + deletedGone + deletedRetention + failed + deferred).toBe(result.scanned)
      expect(store.jobs('default', 'A')).toHaveLength(result.scanned - deletedGone - deletedRetention)
    }),
    { numRuns: 40 },
  )
})
