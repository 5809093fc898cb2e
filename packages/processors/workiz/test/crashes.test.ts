import { createRunner, memoryStore, type Store } from '@longhaul/core'
import { type Fault, fakeClock, faultyStore, runToEnd } from '@longhaul/core/testing'
import { expect, test } from 'vitest'
import { createWorkizFake, makeData } from '../src/fake/index.js'
import { workizSync } from '../src/index.js'
import { copyOf, yearMs, zone } from './scenario.js'
import { inTime, noon } from './support.js'

type Mode = 'refresh' | 'listing'

const data = makeData({ jobs: 20, local: { same: 6, stale: 6, gone: 2, expired: 2 } })
const unbroken = {
  refresh: { scanned: 16, inserted: 0, updated: 6, unchanged: 6, deletedGone: 2, deletedRetention: 2 },
  listing: { listed: 20, inserted: 8, updated: 6, unchanged: 6, deletedGone: 2, deletedRetention: 2 },
}
/** A sync of this size makes no more calls of its job store; one of them fails. */
const mostCalls = 19

async function setup(mode: Mode) {
  const clock = fakeClock(noon)
  const fake = createWorkizFake({ clock, data })
  const rows = await copyOf(fake)
  const sync = workizSync(
    {
      mode,
      baseUrl: fake.baseUrl,
      accountTimeZone: zone,
      startDate: '2025-11-01',
      retentionMs: yearMs,
      pageSize: 8,
      batchSize: 5,
      rate: { perSecond: 1_000 },
      gate: { scope: 'local' },
    },
    { store: rows, clock, fetch: fake.fetch, credentials: () => ({ apiToken: fake.token }) },
  )
  const runnerOn = (store: Store) => createRunner({ store, clock, processors: [sync], random: () => 0.5 })
  return { clock, rows, sync, runnerOn }
}

/** Syncs through a fault, and goes on in another process. */
async function syncThrough(mode: Mode, nth: number, fault: Fault) {
  const { clock, rows, sync, runnerOn } = await setup(mode)
  const jobs = memoryStore({ clock })
  const faulty = faultyStore(jobs, { nth, fault })
  const survivor = runnerOn(jobs)
  const { id } = await survivor.enqueue(sync, { accountId: 'A' })
  const died = () => undefined
  await inTime(clock, runnerOn(faulty).work().catch(died))
  await runToEnd(survivor, clock)
  return { job: await survivor.get(id), faulty, rows: rows.jobs('default', 'A') }
}

test.each(['refresh', 'listing'] as const)(
  'a small %s is done with so many calls of its job store',
  async mode => {
    const { job, faulty } = await syncThrough(mode, Number.POSITIVE_INFINITY, 'error_before')
    expect(job).toMatchObject({ state: 'completed', output: unbroken[mode] })
    expect(faulty.calls()).toBeLessThanOrEqual(mostCalls)
    expect(faulty.trace).toContain('records')
  },
)

test.each(
  (['refresh', 'listing'] as const).flatMap(mode =>
    (['error_before', 'error_after', 'crash_before', 'crash_after'] as const).map(
      fault => [mode, fault] as const,
    ),
  ),
)('a %s tells the totals of an unbroken one, wherever its job store fails (%s)', async (mode, fault) => {
  const whole = await syncThrough(mode, Number.POSITIVE_INFINITY, fault)
  for (let nth = 1; nth <= mostCalls; nth++) {
    const { job, rows } = await syncThrough(mode, nth, fault)
    const message = `at call ${nth}`
    expect(job?.output, message).toEqual(whole.job?.output)
    expect(job, message).toMatchObject({
      state: 'completed',
      counters: whole.job?.counters,
      progress: whole.job?.progress,
    })
    expect(rows, message).toEqual(whole.rows)
  }
})
