import type { Counts, ItemRecord, Job, JobHead, Store, StoredLogLine } from '@longhaul/core/store'
import { groups } from './names.js'
import { inUnits } from './time.js'

/** What a store shows, with instants in units. */
export interface Seen {
  /** The newest insert first. */
  readonly jobs: readonly JobHead[]
  readonly counts: Counts
  readonly ofGroups: readonly Counts[]
  /** Only those that were asked for. */
  readonly whole: readonly Whole[]
}

interface Whole {
  readonly job: Job | undefined
  readonly items: readonly ItemRecord[]
  readonly logs: readonly StoredLogLine[]
}

const page = { limit: 1_000 }

/** All jobs, and those of `ids` with everything that belongs to them. */
export async function see(store: Store, ids: readonly string[]): Promise<Seen> {
  const { jobs } = await store.list({}, page)
  const counts = await store.count({})
  const ofGroups = await Promise.all(groups.map(group => store.count({ group })))
  const whole = await Promise.all(ids.map(id => wholeOf(store, id)))
  return inUnits({ jobs, counts, ofGroups, whole })
}

async function wholeOf(store: Store, id: string): Promise<Whole> {
  const job = await store.get(id)
  const { records: items } = await store.records(id, 'items', page)
  const { records: logs } = await store.records(id, 'logs', page)
  return { job, items, logs }
}
