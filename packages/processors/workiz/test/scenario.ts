import { createRunner, memoryStore } from '@longhaul/core'
import { type FakeClock, fakeClock, runToEnd } from '@longhaul/core/testing'
import { createWorkizFake, type WorkizFake, type WorkizFakeOptions } from '../src/fake/index.js'
import {
  entryMaker,
  type MemoryWorkizStore,
  memoryWorkizStore,
  type WorkizPorts,
  type WorkizResult,
  type WorkizSyncOptions,
  workizSync,
} from '../src/index.js'
import { noon } from './support.js'

export const zone = 'America/Los_Angeles'
export const yearMs = 365 * 86_400_000
const yesterday = { fetchedAt: '2026-01-14T12:00:00.000Z' }

/** An account of Workiz, its copy of 240 rows, and a runner to sync it. */
export async function scenario(options: WorkizSyncOptions = {}, fakeOptions: WorkizFakeOptions = {}) {
  const clock = fakeClock(noon)
  const fake = createWorkizFake({ clock, ...fakeOptions })
  const rows = memoryWorkizStore()
  await rows.upsertMany('default', 'A', fake.local.map(entryMaker(zone)), yesterday)
  return { clock, fake, rows, ...runnerOver(options, portsOf(fake, rows, clock), fake, clock) }
}

function portsOf(fake: WorkizFake, store: MemoryWorkizStore, clock: FakeClock): WorkizPorts {
  return { store, clock, fetch: fake.fetch, credentials: () => ({ apiToken: fake.token }) }
}

export function runnerOver(
  options: WorkizSyncOptions,
  ports: WorkizPorts,
  fake: WorkizFake,
  clock: FakeClock,
) {
  const sync = workizSync(
    {
      accountTimeZone: zone,
      startDate: '2025-11-01',
      retentionMs: yearMs,
      baseUrl: fake.baseUrl,
      ...options,
    },
    ports,
  )
  const runner = createRunner({ processors: [sync], store: memoryStore({ clock }), clock, random: () => 0.5 })

  return {
    runner,
    sync,
    /** Syncs account A once, to the end. */
    async run() {
      const { id } = await runner.enqueue(sync, { accountId: 'A' })
      await runToEnd(runner, clock)
      const job = await runner.get(id)
      return { id, state: job?.state, job, output: job?.output as WorkizResult | null }
    },
  }
}

/** How many calls went to paths that begin so. */
export function callsTo(fake: WorkizFake, path: string): number {
  return fake.calls.filter(call => call.path.startsWith(path)).length
}
