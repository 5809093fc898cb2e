import { systemClock } from '@longhaul/core'
import { expect, test } from 'vitest'
import {
  badJson,
  cf520,
  createWorkizFake,
  flagFalse,
  hang,
  noContent,
  status,
  tooMany,
} from '../src/fake/index.js'
import { callsTo, copyOf, runnerOver, scenario } from './scenario.js'
import { noon } from './support.js'

const refreshed = { updated: 25, unchanged: 200, deletedGone: 12, deletedRetention: 3, failed: 0 }

test('S1a: a refresh updates, deletes what is gone or too old, and asks for each other row once', async () => {
  const { fake, rows, run } = await scenario({ mode: 'refresh' })
  const { state, output } = await run()

  expect(state).toBe('completed')
  expect(output).toMatchObject({ scanned: 240, ...refreshed })
  expect(callsTo(fake, 'job/get/')).toBe(237)
  expect(rows.jobs('default', 'A')).toEqual([...fake.state.jobs.values()].slice(0, 225))
  fake.assertNoUnexpected()
})

test('S1a gives the same result over HTTP, on the system’s clock', async () => {
  const fake = createWorkizFake({ rate: null })
  const server = await fake.listen()
  const startedAt = systemClock.now()
  const clock = { ...systemClock, now: () => noon + systemClock.now() - startedAt }
  const rows = await copyOf(fake)
  const ports = { store: rows, clock, credentials: () => ({ apiToken: fake.token }) }
  const options = { mode: 'refresh', baseUrl: server.url, rate: { perSecond: 1_000 } } as const
  const { runner, sync } = runnerOver(options, ports)

  const job = await runner.enqueue(sync, { accountId: 'A' })
  await runner.work()
  expect(await runner.waitFor(job)).toMatchObject({ scanned: 240, ...refreshed })
  expect(callsTo(fake, 'job/get/')).toBe(237)
  fake.assertNoUnexpected()
  await server.close()
})

test('S1b: a listing inserts as well, and asks only for the rows that are not on it', async () => {
  const { fake, rows, run } = await scenario({ mode: 'listing' })
  const { state, output } = await run()

  expect(state).toBe('completed')
  expect(output).toMatchObject({ listed: 257, inserted: 32, ...refreshed, offsetMode: 'record' })
  expect([callsTo(fake, 'job/all/'), callsTo(fake, 'job/get/')]).toEqual([3 + 1, 12])
  expect(rows.jobs('default', 'A')).toEqual([...fake.state.jobs.values()])
})

test('S1b, twice: each row that is gone is asked for two times', async () => {
  const { fake, run } = await scenario({
    deleteMissing: 'confirm-twice',
    detailBudget: 24,
    offsetMode: 'record',
  })
  const { output } = await run()

  expect(output).toMatchObject({ listed: 257, inserted: 32, ...refreshed })
  expect([callsTo(fake, 'job/all/'), callsTo(fake, 'job/get/')]).toEqual([3, 24])
})

test('S2: what passes is retried, what does not fails its own row alone', async () => {
  const faults = [
    { on: 'W00050', fault: cf520(), times: 2 },
    { fault: tooMany({ retryAfter: 7 }), after: 59, times: 1 },
    { on: 'W00070', fault: badJson(), times: 1 },
    { on: 'W00080', fault: hang(), times: 1 },
    { on: 'W00090', fault: cf520() },
    { on: 'W00095', fault: flagFalse() },
  ]
  const { rows, run, runner } = await scenario({ mode: 'refresh' }, { faults })
  const { id, state, output } = await run()

  expect(state).toBe('completed_with_errors')
  expect(output).toMatchObject({ scanned: 240, ...refreshed, unchanged: 198, failed: 2 })
  const { records } = await runner.items(id, { limit: 100 })
  expect(records.filter(({ outcome }) => outcome === 'failed')).toMatchObject([
    { key: 'W00090', reason: 'Workiz: GET job/get/W00090/ answered 520.' },
    { key: 'W00095', reason: 'Workiz: GET job/get/W00095/ was refused: Could not load job.' },
  ])
  expect(rows.jobs('default', 'A').map(({ UUID }) => UUID)).toEqual(
    expect.arrayContaining(['W00090', 'W00095']),
  )
})

test('S3: a revoked token stops the run at its first call, and deletes nothing', async () => {
  const { fake, rows, run } = await scenario({ mode: 'refresh' }, { faults: [{ fault: status(403) }] })
  const { state, job } = await run()

  expect([state, fake.calls.length, rows.jobs('default', 'A').length]).toEqual(['failed', 1, 240])
  expect(job?.errors?.last.message).toContain('credentials_invalid')
})

test('S4: a listing that repeats its page stops before it stores any of it', async () => {
  const page = { flag: true, data: [{ UUID: 'X00001', Status: 'Done' }], has_more: true }
  const faults = [{ on: 'job/all/', fault: status(200, page) }]
  const { fake, rows, run } = await scenario({ offsetMode: 'record' }, { faults })
  const { state, job } = await run()

  expect([state, fake.calls.length]).toEqual(['failed', 2])
  expect(job?.errors?.last.code).toBe('upstream_bad_response')
  expect(rows.jobs('default', 'A')).toHaveLength(241)
})

test('S5: pages that are counted are found out and give the same result', async () => {
  const { fake, run } = await scenario({}, { profile: { offsetMode: 'page' } })
  const { state, output } = await run()

  expect(state).toBe('completed')
  expect(output).toMatchObject({ listed: 257, inserted: 32, ...refreshed, offsetMode: 'page' })
  expect([callsTo(fake, 'job/all/'), callsTo(fake, 'job/get/')]).toEqual([4, 12])
})

test('S6: when most rows seem to be gone, none is deleted, and a person is told', async () => {
  const on = ({ path }: { path: string }) => /W\d*[0-5]\/$/.test(path)
  const { rows, run, runner } = await scenario({ mode: 'refresh' }, { faults: [{ on, fault: noContent() }] })
  const { id, state, output } = await run()

  const wanted = 12 + 3 + 137
  expect(state).toBe('completed_with_errors')
  expect(output).toMatchObject({
    deletedGone: 0,
    deletedRetention: 0,
    deletesWithheld: wanted,
    deferred: wanted,
  })
  expect(rows.jobs('default', 'A')).toHaveLength(240)
  const { records } = await runner.items(id, { limit: 500 })
  expect(records.filter(({ outcome }) => outcome === 'failed')).toMatchObject([
    { key: 'deletions', reason: expect.stringContaining('152 of 240 rows would be deleted') },
  ])
})
