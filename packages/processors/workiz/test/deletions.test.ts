import { interruptAt, runToEnd } from '@longhaul/core/testing'
import { describe, expect, test } from 'vitest'
import { noContent } from '../src/fake/index.js'
import { entryMaker, type MemoryWorkizStore } from '../src/index.js'
import { scenario, yearMs, zone } from './scenario.js'

const refreshed = { updated: 25, unchanged: 200, deletedGone: 12, deletedRetention: 3, failed: 0 }

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
      output: { ...refreshed, deletesWithheld: 0 },
    })
    expect(rows.jobs('default', 'A')).toHaveLength(225)
  })
})

describe('deletions', () => {
  test('that were cut off are finished by the next attempt, and counted once', async () => {
    const { clock, rows, runner, sync } = await scenario({ mode: 'refresh' })
    failOnce(rows, 'retention')
    const { id } = await runner.enqueue(sync, { accountId: 'A' })
    await runToEnd(runner, clock)

    expect(await runner.get(id)).toMatchObject({ state: 'completed', output: { scanned: 240, ...refreshed } })
    expect(await runner.get(id)).toMatchObject({ counters: { deletedGone: 12, deletedRetention: 3 } })
    expect(rows.jobs('default', 'A')).toHaveLength(225)
  })

  test('spare a row that came back before the end', async () => {
    const { clock, fake, rows, runner, sync } = await scenario({ mode: 'refresh' })
    const { id } = await runner.enqueue(sync, { accountId: 'A' })
    await interruptAt(runner, clock, 60)
    const back = fake.local.filter(({ UUID }) => UUID === 'G00003').map(entryMaker(zone))
    await rows.upsertMany('default', 'A', back, { fetchedAt: new Date(clock.now() + 1).toISOString() })
    await runToEnd(runner, clock)

    expect(await runner.get(id)).toMatchObject({ output: { ...refreshed, deletedGone: 11, deferred: 1 } })
    expect(rows.jobs('default', 'A').map(({ UUID }) => UUID)).toContain('G00003')
  })

  function failOnce(rows: MemoryWorkizStore, at: 'gone' | 'retention') {
    const { deleteMany } = rows
    let failed = false
    rows.deleteMany = async (...deletion) => {
      if (failed || deletion[3] !== at) return deleteMany(...deletion)
      failed = true
      throw new Error('The database is away')
    }
  }
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
