import { createRunner } from '@longhaul/core'
import { fakeClock, interruptAt, runToEnd } from '@longhaul/core/testing'
import { sqliteStore } from '@longhaul/sqlite'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { createWorkizFake } from '../src/fake/index.js'
import { entryMaker, workizSync } from '../src/index.js'
import { sqliteWorkizStore } from '../src/sqlite-workiz-store.js'
import { yearMs, zone } from './scenario.js'
import { noon } from './support.js'

test('jobs and rows may share one SQLite database, and a sync goes on in another runner', async () => {
  const clock = fakeClock(noon)
  const fake = createWorkizFake({ clock })
  const database = new Database(':memory:')
  const rows = sqliteWorkizStore(database)
  await rows.upsertMany('default', 'A', fake.local.map(entryMaker(zone)), {
    fetchedAt: '2026-01-14T12:00:00.000Z',
  })

  const open = () => {
    const ports = { store: rows, clock, fetch: fake.fetch, credentials: () => ({ apiToken: fake.token }) }
    const options = {
      mode: 'refresh',
      accountTimeZone: zone,
      retentionMs: yearMs,
      baseUrl: fake.baseUrl,
    } as const
    const sync = workizSync(options, ports)
    return {
      sync,
      runner: createRunner({ processors: [sync], store: sqliteStore(database, { clock }), clock }),
    }
  }
  const first = open()
  const { id } = await first.runner.enqueue(first.sync, { accountId: 'A' })
  await interruptAt(first.runner, clock, 20)
  const second = open()
  await runToEnd(second.runner, clock)

  const output = { scanned: 240, updated: 25, unchanged: 200, deletedGone: 12, deletedRetention: 3 }
  expect(await second.runner.get(id)).toMatchObject({ state: 'completed', output })
  expect([fake.calls.length, await rows.count('default', 'A')]).toEqual([237, 225])
})
