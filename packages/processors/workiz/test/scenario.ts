import { type Clock, createRunner, memoryStore } from '@longhaul/core'
import { fakeClock, runToEnd } from '@longhaul/core/testing'
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
  const rows = await copyOf(fake)
  const ports = { store: rows, clock, fetch: fake.fetch, credentials: () => ({ apiToken: fake.token }) }
  const { runner, sync } = runnerOver({ baseUrl: fake.baseUrl, ...options }, ports)

  return {
    clock,
    fake,
    rows,
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

/** A store with the account's copy, last fetched yesterday. */
export async function copyOf(fake: WorkizFake): Promise<MemoryWorkizStore> {
  const rows = memoryWorkizStore()
  await rows.upsertMany('default', 'A', fake.local.map(entryMaker(zone)), yesterday)
  return rows
}

export function runnerOver(options: WorkizSyncOptions, ports: WorkizPorts & { readonly clock: Clock }) {
  const always = { accountTimeZone: zone, startDate: '2025-11-01', retentionMs: yearMs }
  const sync = workizSync({ ...always, ...options }, ports)
  const { clock } = ports
  const runner = createRunner({ processors: [sync], store: memoryStore({ clock }), clock, random: () => 0.5 })

  return { runner, sync }
}

/** How many calls went to paths that begin so. */
export function callsTo(fake: WorkizFake, path: string): number {
  return fake.calls.filter(call => call.path.startsWith(path)).length
}
