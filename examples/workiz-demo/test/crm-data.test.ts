import { createWorkizFake } from '@longhaul/workiz/fake'
import { expect, test } from 'vitest'
import { crmData } from '../src/crm-data.js'

test('has as many records as it is asked for, each under its own name', () => {
  for (const records of [20, 150, 1_500, 20_000]) {
    const names = crmData(records).local.map(job => job.UUID)
    expect(names).toHaveLength(records)
    expect(new Set(names).size).toBe(records)
  }
})

test('is the same each time', () => {
  expect(crmData(150)).toEqual(crmData(150))
})

test('holds records that are as at Workiz, older, and gone', () => {
  const { local, state } = createWorkizFake({ data: crmData(1_500) })
  const remote = local.map(job => [job, state.jobs.get(job.UUID)] as const)
  const gone = remote.filter(([, there]) => there === undefined)
  const stale = remote.filter(([here, there]) => there !== undefined && there.Status !== here.Status)
  expect(gone).toHaveLength(60)
  expect(stale.length).toBeGreaterThan(100)
})
